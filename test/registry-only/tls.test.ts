import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createCa } from "../../machine/createCa.ts";
import type { LocalCa } from "../../machine/localCa.ts";
import { tlsKinds } from "../../registry-only/tls/kinds.ts";
import { objectAt, recorded, secret, shapeOf, textAt, unknownMark } from "../support/recording.ts";
import type { JsonObject, Row } from "../support/recording.ts";
import { replay } from "../support/replay.ts";
import type { Replay } from "../support/replay.ts";

const kind = {
  key: "tls:index/privateKey:PrivateKey",
  request: "tls:index/certRequest:CertRequest",
  certificate: "tls:index/locallySignedCert:LocallySignedCert",
};

const start = new Date("2026-11-22T00:50:28.709Z");
let now = start;
let provider: Replay;
let ca: LocalCa;
beforeAll(async () => {
  const kinds = tlsKinds(
    () => now,
    (bytes) => Buffer.alloc(bytes, 0xa5),
  );
  provider = await replay({ name: "tls", version: "5.6.1", bridge: "framework", kinds });
  ca = await createCa(start);
});
afterAll(() => provider.close());

const rows = recorded("tls");
const undeclared = "tls:index/selfSignedCert:SelfSignedCert";
const isKnown = (row: Row) => row.request["type"] !== undeclared;

const made = async (type: string, properties: JsonObject) =>
  objectAt(await provider.call("Create", { type, properties }), "properties");
const pemOf = (state: JsonObject, name: string) => textAt(objectAt(state, name), "value");

const makeKey = () => made(kind.key, { algorithm: "ECDSA", ecdsaCurve: "P256" });

async function certificateInputs(): Promise<JsonObject> {
  const request = await made(kind.request, {
    privateKeyPem: pemOf(await makeKey(), "privateKeyPem"),
    subject: { commonName: "turn.localhost", organization: "Turnkey" },
    dnsNames: ["turn.localhost"],
    ipAddresses: ["127.0.0.1", "::1"],
  });
  return {
    certRequestPem: textAt(request, "certRequestPem"),
    caCertPem: ca.certificatePem,
    caPrivateKeyPem: ca.privateKeyPem,
    allowedUses: ["server_auth", "digital_signature"],
    validityPeriodHours: 24,
    earlyRenewalHours: 2,
  };
}

const issue = async (more: JsonObject = {}) =>
  made(kind.certificate, { ...(await certificateInputs()), ...more });

// The recordings hide keys and certificates, so a create gets real ones in their place.
const withPems = async (row: Row): Promise<JsonObject> => {
  const properties = objectAt(row.request, "properties");
  const real: JsonObject = { ...(await certificateInputs()), privateKeyPem: ca.privateKeyPem };
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      value === "<PEM>\n" ? (real[name] ?? value) : value,
    ]),
  );
};
describe("the stand-in for tls answers as the official plugin did", () => {
  const exact = rows.filter((row) => isKnown(row) && row.method !== "Create");
  test.each(exact)("$method in $run, row $index", async (row) => {
    expect(await provider.call(row.method, row.request)).toEqual(row.response);
  });

  const creates = rows.filter((row) => isKnown(row) && row.method === "Create");
  test.each(creates)("$method in $run, row $index, in its shape", async (row) => {
    const type = textAt(row.request, "type");
    const state = await made(type, await withPems(row));
    expect(shapeOf(state)).toEqual(shapeOf(objectAt(row.response, "properties")));
  });

  // The recorded program also made a certificate that signs itself, which Turnkey does not declare.
  const foreign = rows.filter((row) => !isKnown(row));
  test.each(foreign)(
    "but refuses the $method of a foreign kind in $run, row $index",
    async (row) => {
      await expect(provider.call(row.method, row.request)).rejects.toThrow(
        /stand-in for tls does not know resource kind tls:index\/selfSignedCert:SelfSignedCert/,
      );
    },
  );
});

test("a preview knows the inputs of a certificate and nothing of what will be made", async () => {
  const type = kind.certificate;
  const properties = { ...(await certificateInputs()), certRequestPem: unknownMark };
  const answer = await provider.call("Create", { type, properties, preview: true });
  expect(objectAt(answer, "properties")).toMatchObject({
    id: unknownMark,
    certPem: unknownMark,
    certRequestPem: unknownMark,
    validityPeriodHours: 24,
    setSubjectKeyId: false,
    caPrivateKeyPem: secret(ca.privateKeyPem),
  });
});

describe("a private key", () => {
  test.each([
    ["P256", "prime256v1"],
    ["P384", "secp384r1"],
    ["P521", "secp521r1"],
  ])("on %s is the same key in SEC1, PKCS#8 and as public key", async (ecdsaCurve, namedCurve) => {
    const state = await made(kind.key, { algorithm: "ECDSA", ecdsaCurve });
    const pem = pemOf(state, "privateKeyPem");
    expect(pem).toMatch(/^-----BEGIN EC PRIVATE KEY-----\n/);
    expect(createPrivateKey(pem).asymmetricKeyDetails).toEqual({ namedCurve });
    const pkcs8 = createPrivateKey(pemOf(state, "privateKeyPemPkcs8"));
    expect(createPrivateKey(pem).equals(pkcs8)).toBe(true);
    const publicKey = createPublicKey(textAt(state, "publicKeyPem"));
    expect(createPublicKey(pem).equals(publicKey)).toBe(true);
  });

  test("is answered only as a secret, in each of its forms", async () => {
    const pem = expect.stringContaining("PRIVATE KEY-----");
    expect(await makeKey()).toMatchObject({
      privateKeyPem: secret(pem),
      privateKeyPemPkcs8: secret(pem),
      privateKeyOpenssh: secret(pem),
    });
  });

  test("has the fingerprints of the SSH form of its public key", async () => {
    const state = await makeKey();
    const [, blob = ""] = textAt(state, "publicKeyOpenssh").trim().split(" ");
    expect(Buffer.from(blob, "base64").subarray(0, 23).toString()).toContain("ecdsa-sha2-nistp256");
    expect(textAt(state, "publicKeyFingerprintSha256")).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(textAt(state, "publicKeyFingerprintMd5")).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  });
});

const diff = async (olds: JsonObject, hours: number) =>
  provider.call("Diff", {
    type: kind.certificate,
    olds: { ...olds, caPrivateKeyPem: ca.privateKeyPem },
    news: {
      ...(await certificateInputs()),
      ...olds,
      caPrivateKeyPem: ca.privateKeyPem,
      earlyRenewalHours: hours,
    },
  });
/** Acts some hours after the start. */
const at = async <T>(hours: number, act: () => Promise<T>): Promise<T> => {
  now = new Date(start.getTime() + hours * 3_600_000);
  try {
    return await act();
  } finally {
    now = start;
  }
};

describe("a locally signed certificate", () => {
  test("is signed by the CA and covers the names and addresses of the request", async () => {
    const certificate = new X509Certificate(textAt(await issue(), "certPem"));
    const issuer = new X509Certificate(ca.certificatePem);
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.subject).toBe("O=Turnkey\nCN=turn.localhost");
    expect(certificate.checkHost("turn.localhost")).toBe("turn.localhost");
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.checkIP("::1")).toBe("::1");
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  });

  test("is valid for the hours asked for, from now on, and its serial number is its id", async () => {
    const state = await issue();
    const certificate = new X509Certificate(textAt(state, "certPem"));
    expect(state).toMatchObject({
      validityStartTime: "2026-11-22T00:50:28.709Z",
      validityEndTime: "2026-11-23T00:50:28.709Z",
      id: BigInt(`0x${certificate.serialNumber}`).toString(),
      readyForRenewal: false,
    });
    expect(certificate.validToDate.toISOString()).toBe("2026-11-23T00:50:28.000Z");
  });

  test.each([
    [21.9, { changes: "DIFF_NONE" }],
    [22, { changes: "DIFF_SOME", diffs: ["readyForRenewal"], replaces: ["readyForRenewal"] }],
  ])("is replaced once its early renewal is due: %d h after its issue", async (hours, answer) => {
    const olds = await issue();
    expect(await at(hours, () => diff(olds, 2))).toEqual(answer);
  });

  test("with other early renewal hours is updated in place", async () => {
    const olds = await issue();
    const changed = { changes: "DIFF_SOME", diffs: ["earlyRenewalHours"] };
    expect(await diff(olds, 3)).toEqual(changed);
    const news = { ...(await certificateInputs()), earlyRenewalHours: 3 };
    const request = { type: kind.certificate, id: textAt(olds, "id"), olds, news };
    const updated = objectAt(await provider.call("Update", request), "properties");
    expect(updated).toMatchObject({ earlyRenewalHours: 3, certPem: olds["certPem"] });
  });

  test("that is due is found ready for renewal by a refresh", async () => {
    const properties = { ...(await issue()), caPrivateKeyPem: ca.privateKeyPem };
    const request = { type: kind.certificate, inputs: await certificateInputs(), properties };
    const read = await at(23, () => provider.call("Read", { ...request, id: "1" }));
    expect(objectAt(read, "properties")).toMatchObject({ readyForRenewal: true });
  });

  test("is refused when the request was not signed by its own key", async () => {
    const inputs = await certificateInputs();
    const pem = textAt(inputs, "certRequestPem");
    const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\n/g, ""), "base64");
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    const broken = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
    const properties = { ...inputs, certRequestPem: broken };
    await expect(provider.call("Create", { type: kind.certificate, properties })).rejects.toThrow(
      "certRequestPem is not signed by its own key",
    );
  });

  test("is refused when the CA's key is none, without quoting it", async () => {
    const properties = { ...(await certificateInputs()), caPrivateKeyPem: "PRIVATE" };
    await expect(provider.call("Create", { type: kind.certificate, properties })).rejects.toThrow(
      /caPrivateKeyPem is no private key in PEM$/,
    );
  });
});

describe("what the stand-in does not know is refused by name", () => {
  test.each([
    [
      kind.key,
      { algorithm: "RSA", ecdsaCurve: "P256" },
      "algorithm",
      /is RSA; .* knows only ECDSA/,
    ],
    [
      kind.key,
      { algorithm: "ECDSA", ecdsaCurve: "P224" },
      "ecdsaCurve",
      /is P224; .* P256, P384, P521/,
    ],
    [kind.key, { algorithm: "ECDSA" }, "ecdsaCurve", /is required by PrivateKey and not given/],
    [
      kind.request,
      { privateKeyPem: "x", subject: { country: "NZ" } },
      "subject.country",
      /does not know input subject.country of CertRequest; it knows commonName, organization/,
    ],
  ])("%s %j", async (type, news, property, reason) => {
    const { failures } = await provider.call("Check", { type, news });
    expect(failures).toEqual([{ property, reason: expect.stringMatching(reason) }]);
  });

  test("an allowed use", async () => {
    const news = { ...(await certificateInputs()), allowedUses: ["timestamping"] };
    const { failures } = await provider.call("Check", { type: kind.certificate, news });
    const reason = expect.stringMatching(/names timestamping; .* knows .*server_auth/);
    expect(failures).toEqual([{ property: "allowedUses", reason }]);
  });
});
