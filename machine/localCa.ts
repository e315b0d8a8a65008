/** A certificate authority for this machine's own stacks, made once per user. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "./folders.ts";
import { readIfThere } from "./readIfThere.ts";

/** PEMs; the key is PKCS #8. */
export interface LocalCa {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** Where the CA lives: one file, so that certificate and key always belong together. Mode 0600. */
export const localCaFile = (folder = dataFolder()) => join(folder, "local-ca.pem");
/** The certificate alone, for a browser or a phone that shall trust it. */
export const localCaCertificateFile = (folder = dataFolder()) => join(folder, "local-ca.crt");

/** Whether a certificate, PEM, is that of this user's CA. */
export const isLocalCa = (certificatePem: string, folder = dataFolder()): boolean =>
  readIfThere(localCaCertificateFile(folder)) === certificatePem;

/** The CA of this user, made now when there is none. */
export async function localCa(folder = dataFolder()): Promise<LocalCa> {
  const existing = read(folder);
  if (existing) return existing;
  const { createCa } = await import("./createCa.ts");
  const made = await createCa(new Date());
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  write(localCaCertificateFile(folder), made.certificatePem, 0o644);
  write(localCaFile(folder), made.certificatePem + made.privateKeyPem, 0o600);
  return made;
}

function read(folder: string): LocalCa | undefined {
  const text = readIfThere(localCaFile(folder));
  if (text === undefined) return undefined;
  const [certificatePem, privateKeyPem] = text.match(/-----BEGIN [^]*?-----END [^\n]*\n/g) ?? [];
  if (certificatePem === undefined || privateKeyPem === undefined)
    throw new Error(
      `${localCaFile(folder)} holds no certificate and key - remove it with npm run clean, and the next update makes a new CA`,
    );
  return { certificatePem, privateKeyPem };
}

/** Whole or not at all. */
function write(file: string, text: string, mode: number): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text, { mode });
  renameSync(unfinished, file);
}
