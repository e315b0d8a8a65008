import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createPrivateKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { givenCertificate } from "../../machine/givenCertificate.ts";
import { isWellKnown } from "../../machine/rootOf.ts";
import { type Issued, issue } from "../support/pki.ts";

const begin = new Date("2026-01-01T00:00:00Z");
const end = new Date("2027-01-01T00:00:00Z");
const now = new Date("2026-06-01T00:00:00Z");
const valid = { notBefore: begin, notAfter: end };
const names = { dns: ["turn.example.org"], ip: ["192.0.2.1"] };

let folder: string;
let root: Issued;
let middle: Issued;
let leaf: Issued;
let other: Issued;
let chain: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-given-"));
  root = await issue({ subject: "root", ...valid });
  middle = await issue({ subject: "middle", issuer: root, ...valid });
  leaf = await issue({ subject: "leaf", issuer: middle, ...names, ...valid });
  other = await issue({ subject: "other", issuer: middle, ...names, ...valid });
  chain = leaf.pem + middle.pem + root.pem;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Checks what the two files hold. */
function check(chainText: string, keyText: string, wishes: { now?: Date } = {}) {
  writeFileSync(join(folder, "chain.pem"), chainText);
  writeFileSync(join(folder, "key.pem"), keyText);
  const files = { chainFile: "chain.pem", keyFile: "key.pem" };
  return givenCertificate(files, { names, folder, now, ...wishes });
}

const problems = (...given: Parameters<typeof check>): string[] => {
  try {
    check(...given);
    return [];
  } catch (error) {
    return (error instanceof Error ? error.message : String(error))
      .split("\n")
      .slice(1)
      .map((it) => it.trim().replace(/ - pulumi config set .*/, ""));
  }
};

test("settings without the files name no certificate", () => {
  expect(givenCertificate({}, { names, folder, now })).toBeUndefined();
});

test("a sound pair is taken, with the CA it leads to and the day it ends", () => {
  const given = check(`Bag Attributes\n  friendlyName: mine\n${chain}`, leaf.keyPem);
  expect(given).toEqual({
    chainPem: expect.stringMatching(
      /^(-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----\n){3}$/,
    ),
    privateKeyPem: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----\n/),
    caCertificatePem: root.pem,
    validUntil: end,
  });
});

test("a key in the older forms is taken as well", () => {
  const sec1 = createPrivateKey(leaf.keyPem).export({ type: "sec1", format: "pem" }).toString();
  expect(check(chain, sec1)?.privateKeyPem).toBe(leaf.keyPem);
});

describe("one fault is one problem, with the file and what is wanted instead", () => {
  test.each<[string, () => Parameters<typeof check>, string]>([
    [
      "no certificate",
      () => ["hello", leaf.keyPem],
      'certificate.chainFile: given "chain.pem", wanted certificates in PEM (-----BEGIN CERTIFICATE-----)',
    ],
    [
      "a certificate that is cut off",
      () => [leaf.pem.replace(/\n[^\n]+\n[^\n]+\n---/, "\n---"), leaf.keyPem],
      'certificate.chainFile: given "chain.pem", wanted certificates in PEM',
    ],
    [
      "no key",
      () => [chain, chain],
      'certificate.keyFile: given "key.pem", wanted a private key in PEM (-----BEGIN PRIVATE KEY-----)',
    ],
    [
      "an encrypted key",
      () => [
        chain,
        createPrivateKey(leaf.keyPem)
          .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
          .toString(),
      ],
      'certificate.keyFile: given "key.pem", wanted a key without a passphrase (openssl pkey',
    ],
    [
      "another certificate's key",
      () => [chain, other.keyPem],
      'certificate.keyFile: given "key.pem", wanted the key of the first certificate in certificate.chainFile (CN=leaf)',
    ],
    [
      "the leaf not first",
      () => [middle.pem + root.pem + leaf.pem, leaf.keyPem],
      'certificate.chainFile: given "chain.pem", wanted the leaf first: the key is that of certificate 3',
    ],
    [
      "an issuer left out",
      () => [leaf.pem + root.pem, leaf.keyPem],
      "wanted each certificate followed by its issuer: CN=root did not issue CN=leaf",
    ],
    [
      "a CA that nobody knows",
      () => [leaf.pem + middle.pem, leaf.keyPem],
      "wanted a chain that leads to a CA this machine knows: append the certificate of CN=root",
    ],
  ])("%s", (_name, given, problem) => {
    const found = problems(...given());
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  test("names and addresses that it does not cover", async () => {
    const narrow = await issue({
      subject: "turn.example.org",
      issuer: root,
      dns: ["*.example.com"],
      ...valid,
    });
    expect(problems(narrow.pem + root.pem, narrow.keyPem)).toEqual([
      'certificate.chainFile: given "chain.pem", wanted a certificate for turn.example.org and 192.0.2.1: this one is for DNS:*.example.com',
    ]);
  });

  test("a use other than servers'", async () => {
    const client = await issue({
      subject: "client",
      issuer: root,
      forClients: true,
      ...names,
      ...valid,
    });
    expect(problems(client.pem + root.pem, client.keyPem)).toEqual([
      'certificate.chainFile: given "chain.pem", wanted a certificate that TLS servers may use',
    ]);
  });
});

describe("a certificate is good from its first moment until its last", () => {
  const ended = "wanted one that has not ended: CN=leaf did on 2027-01-01T00:00:00.000Z";
  const begins = "wanted one that has begun: CN=leaf does on 2026-01-01T00:00:00.000Z";
  test.each([
    ["2025-12-31T23:59:59Z", begins],
    ["2026-01-01T00:00:00Z", undefined],
    ["2026-12-31T23:59:59Z", undefined],
    ["2027-01-01T00:00:00Z", ended],
  ])("at %s", (at, problem) => {
    const found = problems(chain, leaf.keyPem, { now: new Date(at) });
    if (problem === undefined) expect(found).toEqual([]);
    else expect(found[0]).toContain(problem);
  });
});

test("an issuer that has ended is named", async () => {
  const old = await issue({ subject: "old", issuer: root, notBefore: begin, notAfter: now });
  const it = await issue({ subject: "leaf", issuer: old, ...names, ...valid });
  expect(problems(it.pem + old.pem + root.pem, it.keyPem)).toEqual([
    'certificate.chainFile: given "chain.pem", wanted one that has not ended: CN=old did on 2026-06-01T00:00:00.000Z',
  ]);
});

test("all that is wrong is told together, and nothing of the key", () => {
  const files = { chainFile: "none.pem", keyFile: "key.pem" };
  writeFileSync(join(folder, "key.pem"), "not a key");
  const checking = () => givenCertificate(files, { names, folder, now });
  expect(checking).toThrow(
    /^2 settings are wrong\n {2}certificate.chainFile: .*\(ENOENT\).*\n {2}certificate.keyFile: /,
  );
  expect(checking).not.toThrow("not a key");
});

test("a wildcard covers the names below it", async () => {
  const wild = await issue({
    subject: "x",
    issuer: root,
    dns: ["*.example.org"],
    ip: names.ip,
    ...valid,
  });
  expect(problems(wild.pem + root.pem, wild.keyPem)).toEqual([]);
});

test("what browsers trust by themselves is told from a CA of one's own", () => {
  expect(isWellKnown(rootCertificates[0] ?? "")).toBe(true);
  expect(isWellKnown(root.pem)).toBe(false);
});
