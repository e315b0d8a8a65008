import { beforeAll, expect, test } from "@jest/globals";
import { X509Certificate } from "node:crypto";
import { encode } from "uqr";
import { createCa } from "../../../machine/createCa.ts";
import { lanSteps } from "../../../scripts/commands/lanSteps.ts";

const edgeUrl = "https://192.168.1.5";
let onLan: Parameters<typeof lanSteps>[0];
let caCertificate = "";
beforeAll(async () => {
  ({ certificatePem: caCertificate } = await createCa(new Date()));
  onLan = { edgeUrl, demoUrl: `${edgeUrl}/demo`, nodeAddress: "192.168.1.5", caCertificate };
});

test("a phone is told the page, the CA and its fingerprint", () => {
  const text = lanSteps(onLan, { localCa: true, qrCode: false });
  expect(text).toContain("https://192.168.1.5/demo\n");
  expect(text).toContain("https://192.168.1.5/ca.crt\n");
  expect(text).toContain(new X509Certificate(caCertificate).fingerprint256);
  expect(text).toContain("docs/lan.md");
});

test("a stack with a certificate of the user's own has no CA to hand out", () => {
  expect(lanSteps(onLan, { localCa: false, qrCode: false })).toBe(
    "on the phone  https://192.168.1.5/demo",
  );
});

/** The modules of a drawing, two lines of them in each of text; a camera takes the light ones for white. */
const LIGHT: Readonly<Record<string, readonly [boolean, boolean]>> = {
  "█": [true, true],
  "▀": [true, false],
  "▄": [false, true],
  " ": [false, false],
};

test.each([
  ["the page's URL", "https://192.168.1.5/demo", {}],
  ["the CA's where there is no page", "https://192.168.1.5/ca.crt", { demoUrl: undefined }],
])("a terminal shows %s as a QR code", (_which, url, changed) => {
  const drawn = (lanSteps({ ...onLan, ...changed }, { localCa: true, qrCode: true }) ?? "")
    .split("\n")
    .filter((line) => /^[█▀▄ ]+$/.test(line));
  const { data, size } = encode(url, { border: 2 });
  const dark = drawn.flatMap((line) =>
    [0, 1].map((half) => Array.from(line).map((it) => LIGHT[it]?.[half] === false)),
  );
  expect(dark.slice(0, size)).toEqual(data);
});

test.each([
  [
    "serves its own machine alone",
    { edgeUrl: "https://127.0.0.1", nodeAddress: "127.0.0.1" },
    true,
  ],
  ["has no HTTPS", { edgeUrl: undefined }, true],
  ["has neither page nor CA", { demoUrl: undefined }, false],
])("a stack that %s has nothing for a phone", (_which, changed, localCa) => {
  expect(lanSteps({ ...onLan, ...changed }, { localCa, qrCode: true })).toBeUndefined();
});
