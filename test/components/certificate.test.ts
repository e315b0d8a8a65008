import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { X509Certificate } from "node:crypto";
import { Certificate } from "../../components/certificate.ts";
import { createCa } from "../../machine/createCa.ts";
import { tlsKinds } from "../../registry-only/tls/kinds.ts";
import { deploy, plain } from "../support/engine.ts";
import { type JsonObject, objectAt, textAt } from "../support/recording.ts";
import { replay, type Replay } from "../support/replay.ts";

const DAY_MS = 86_400_000;
const start = new Date("2026-11-22T00:00:00Z");
const names = { dns: ["turn.example.org", "localhost"], ip: ["127.0.0.1", "192.168.1.5"] };

let now = start;
let provider: Replay;
beforeAll(async () => {
  const kinds = tlsKinds(
    () => now,
    (bytes) => Buffer.alloc(bytes, 0xa5),
  );
  provider = await replay({ name: "tls", version: "5.6.1", bridge: "framework", kinds });
});
afterAll(() => provider.close());

const json = (value: unknown): JsonObject => JSON.parse(JSON.stringify(plain(value)));

/** What the component asks the provider for, in its order; each gets the outputs of those before. */
async function issued() {
  const { ofType } = await deploy(
    async () => new Certificate("turn", { names, ca: await createCa(start) }),
  );
  const make = async (kind: string, more: JsonObject = {}) => {
    const type = `tls:index/${kind}`;
    const inputs = { ...json(ofType(type)[0]?.inputs), ...more };
    const properties = objectAt(
      await provider.call("Create", { type, properties: inputs }),
      "properties",
    );
    return { type, inputs, properties };
  };
  const key = await make("privateKey:PrivateKey");
  const privateKeyPem = textAt(objectAt(key.properties, "privateKeyPem"), "value");
  const request = await make("certRequest:CertRequest", { privateKeyPem });
  return make("locallySignedCert:LocallySignedCert", {
    certRequestPem: textAt(request.properties, "certRequestPem"),
  });
}

test("the leaf covers every name and address, and nothing else, for a year", async () => {
  now = start;
  const { properties } = await issued();
  const leaf = new X509Certificate(textAt(properties, "certPem"));
  expect(leaf.subjectAltName?.split(", ").toSorted()).toEqual(
    [...names.dns.map((it) => `DNS:${it}`), ...names.ip.map((it) => `IP Address:${it}`)].toSorted(),
  );
  expect(leaf.validToDate.getTime() - start.getTime()).toBe(365 * DAY_MS);
});

describe("an update issues a new leaf in the last 30 days of the one before", () => {
  const replaces = ["readyForRenewal"];
  test.each([
    [334.9, { changes: "DIFF_NONE" }],
    [335, { changes: "DIFF_SOME", diffs: replaces, replaces }],
    [400, { changes: "DIFF_SOME", diffs: replaces, replaces }],
  ])("after %d days", async (days, answer) => {
    now = start;
    const { type, inputs, properties: olds } = await issued();
    now = new Date(start.getTime() + days * DAY_MS);
    const id = textAt(olds, "id");
    expect(await provider.call("Diff", { type, id, olds, news: inputs })).toEqual(answer);
  });
});
