import { afterEach, expect, test } from "@jest/globals";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCa } from "../../../machine/createCa.ts";
import { localCaFile } from "../../../machine/localCa.ts";
import { caFindings, certificate } from "../../../scripts/doctor/checks/certificate.ts";
import { timeFaults } from "../../../scripts/doctor/certificateFaults.ts";
import { tlsEndpoints } from "../../../scripts/doctor/tlsEndpoints.ts";
import { leafCertificate } from "../../verify/leafCertificate.ts";
import { contextWith } from "./context.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(cert: string, key: string): Promise<number> {
  const server: Server = createServer({ cert, key });
  await once(server.listen(0, "127.0.0.1"), "listening");
  closing.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** What the check says of a stack that serves TLS on that port, in a data folder without a CA. */
async function judged(port: number, caCertificate: string, turnHost = "127.0.0.1") {
  const findings = await certificate.run(
    contextWith({
      env: { XDG_DATA_HOME: join(tmpdir(), "turnkey-none") },
      record: async () => ({
        resources: 1,
        pending: [],
        outputs: {
          apiUrl: "http://127.0.0.1:1",
          livekitUrl: "ws://127.0.0.1:1",
          nodeAddress: "127.0.0.1",
          iceUrls: [`turns:${turnHost}:${port}?transport=tcp`],
          ports: [],
          caCertificate,
          containers: {},
        },
      }),
    }),
  );
  return findings.slice(1);
}

test("a served certificate that is in time, covers its names and is from the stack's CA is fine but for its last month", async () => {
  const { ca, cert, key } = await leafCertificate({ endsInDays: 1.5 });
  const port = await serve(cert, key);
  expect(await judged(port, ca)).toEqual([
    {
      level: "warning",
      text: expect.stringContaining(`the certificate on ${port}/tcp expires in 1 days`),
      mend: "npm run up issues a new one",
    },
  ]);
});

test("an expired certificate is a problem", async () => {
  const { ca, cert, key } = await leafCertificate({ endsInDays: -1 });
  const port = await serve(cert, key);
  expect(await judged(port, ca)).toContainEqual(
    expect.objectContaining({
      level: "problem",
      text: expect.stringMatching(/expired on \d{4}-\d\d-\d\d$/),
    }),
  );
});

test("every name and address that it does not cover is told", async () => {
  const { ca, cert, key } = await leafCertificate({ address: "192.0.2.1" });
  const port = await serve(cert, key);
  expect(await judged(port, ca, "turn.example.org")).toContainEqual(
    expect.objectContaining({
      level: "problem",
      text: `the certificate on ${port}/tcp does not cover 127.0.0.1, turn.example.org`,
    }),
  );
});

test("a certificate of another CA is a problem", async () => {
  const { cert, key } = await leafCertificate();
  const { ca } = await leafCertificate();
  const port = await serve(cert, key);
  expect(await judged(port, ca)).toContainEqual(
    expect.objectContaining({
      level: "problem",
      text: expect.stringContaining("is neither from the stack's CA nor from a public one"),
    }),
  );
});

test("a port on which nobody serves TLS is a problem", async () => {
  const { ca } = await leafCertificate();
  expect(await judged(1, ca)).toEqual([
    expect.objectContaining({ level: "problem", text: "1/tcp serves no TLS (ECONNREFUSED)" }),
  ]);
});

test("endpoints are the ports of the stack's TLS URLs, each with every name that clients use", () => {
  expect(
    tlsEndpoints({
      nodeAddress: "192.0.2.1",
      iceUrls: [
        "stun:turn.example.org:443",
        "turns:turn.example.org:443?transport=tcp",
        "turns:turn.example.org:5349?transport=tcp",
      ],
      apiUrl: "https://192.0.2.1",
      livekitUrl: "ws://192.0.2.1:7880",
      edgeUrl: "https://media.example.org",
    }),
  ).toEqual([
    { port: 443, names: ["192.0.2.1", "turn.example.org", "media.example.org"] },
    { port: 5349, names: ["192.0.2.1", "turn.example.org"] },
  ]);
});

const now = new Date("2026-11-22T00:00:00Z");
const yearsLater = (years: number) => new Date(now.getTime() + years * 365.25 * 86_400_000);

test.each([
  ["0600, ten years to go", 0o600, now, "ok", "valid until 2036-11-22"],
  ["0644", 0o644, now, "problem", "mode 644"],
  ["0640", 0o640, now, "problem", "mode 640"],
  ["0600 in its last weeks", 0o600, yearsLater(9.95), "warning", "expires in"],
  ["0600 after its end", 0o600, yearsLater(11), "problem", "expired on 2036-11-22"],
  ["0600 before its begin", 0o600, yearsLater(-1), "problem", "clock is behind"],
])("a local CA of mode %s", async (_what, mode, at, level, text) => {
  const folder = mkdtempSync(join(tmpdir(), "doctor-ca-"));
  closing.push(() => rmSync(folder, { recursive: true }));
  const { certificatePem, privateKeyPem } = await createCa(now);
  const file = localCaFile(folder);
  writeFileSync(file, certificatePem + privateKeyPem);
  chmodSync(file, mode);
  expect(caFindings(file, at)).toEqual([
    expect.objectContaining({ level, text: expect.stringContaining(text) }),
  ]);
});

test("a CA file that holds no CA is a problem, and none at all is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "doctor-ca-"));
  closing.push(() => rmSync(folder, { recursive: true }));
  const file = localCaFile(folder);
  expect(caFindings(file, now).map(({ level }) => level)).toEqual(["ok"]);
  writeFileSync(file, "nothing of the kind");
  expect(caFindings(file, now)).toMatchObject([
    { level: "problem", text: `${file} holds no certificate and key` },
  ]);
});

test("a certificate with more than a month to go has no fault of time", async () => {
  const { certificatePem } = await createCa(now);
  expect(timeFaults("it", new X509Certificate(certificatePem), yearsLater(9), "mend")).toEqual([]);
});
