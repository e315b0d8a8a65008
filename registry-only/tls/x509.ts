import { webcrypto } from "node:crypto";
import type * as library from "@peculiar/x509";

/**
 * The X.509 library, loaded at the first certificate: a preview or an update that changes none does
 * without its start-up time.
 */
export async function loadX509(): Promise<typeof library> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  x509.cryptoProvider.set(webcrypto);
  return x509;
}
