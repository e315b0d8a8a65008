import { afterEach, expect, test } from "@jest/globals";
import { X509Certificate, createPrivateKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLocalCa, localCa, localCaCertificateFile, localCaFile } from "../../machine/localCa.ts";

const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), "turnkey-ca-"));
  folders.push(made);
  return join(made, "data");
};

afterEach(() => {
  for (const it of folders.splice(0)) rmSync(it, { recursive: true });
});

test("a user's CA is made once and read afterwards", async () => {
  const data = folder();
  expect(await localCa(data)).toEqual(await localCa(data));
});

test("it may sign certificates, holds its own key, and lasts for years", async () => {
  const { certificatePem, privateKeyPem } = await localCa(folder());
  const certificate = new X509Certificate(certificatePem);
  expect(certificate.ca).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(Date.parse(certificate.validTo) - Date.now()).toBeGreaterThan(9 * 365 * 86_400_000);
});

test("its key is for the user's eyes only, the certificate alone lies beside it", async () => {
  const data = folder();
  const { certificatePem } = await localCa(data);
  expect(statSync(localCaFile(data)).mode & 0o777).toBe(0o600);
  expect(readFileSync(localCaCertificateFile(data), "utf8")).toBe(certificatePem);
});

test("its certificate is known from another's", async () => {
  const data = folder();
  const { certificatePem } = await localCa(data);
  expect(isLocalCa(certificatePem, data)).toBe(true);
  expect(isLocalCa(certificatePem, folder())).toBe(false);
});

test("a file that holds something else is named with the mend", async () => {
  const data = folder();
  await localCa(data);
  writeFileSync(localCaFile(data), "nothing");
  await expect(localCa(data)).rejects.toThrow(/local-ca\.pem holds no certificate.*npm run clean/);
});
