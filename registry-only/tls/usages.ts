import type * as library from "@peculiar/x509";

// RFC 5280, sections 4.2.1.3 and 4.2.1.12, in the official provider's words.
const keyUsages = {
  digital_signature: "digitalSignature",
  content_commitment: "nonRepudiation",
  key_encipherment: "keyEncipherment",
  data_encipherment: "dataEncipherment",
  key_agreement: "keyAgreement",
  cert_signing: "keyCertSign",
  crl_signing: "cRLSign",
} as const;

const extendedKeyUsages = { server_auth: "serverAuth", client_auth: "clientAuth" } as const;

/** What `allowedUses` may name. */
export const usageNames = [...Object.keys(keyUsages), ...Object.keys(extendedKeyUsages)];

/** The certificate extensions that a list of allowed uses asks for. */
export function usageExtensions(x509: typeof library, uses: readonly string[]) {
  const bits = Object.entries(keyUsages)
    .filter(([name]) => uses.includes(name))
    .reduce((sum, [, flag]) => sum | x509.KeyUsageFlags[flag], 0);
  const extended = Object.entries(extendedKeyUsages)
    .filter(([name]) => uses.includes(name))
    .map(([, usage]) => x509.ExtendedKeyUsage[usage]);
  return [
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the enum is one of bit flags
    ...(bits === 0 ? [] : [new x509.KeyUsagesExtension(bits, true)]),
    ...(extended.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(extended)]),
  ];
}
