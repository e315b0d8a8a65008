import { createHash } from "node:crypto";
import type { Kind } from "../provider/kind.ts";
import { text, texts } from "../provider/read.ts";
import { isProps } from "../provider/value.ts";
import type { Props } from "../provider/value.ts";
import { kept } from "./kept.ts";
import { readSigningKey } from "./signingKey.ts";
import { loadX509 } from "./x509.ts";

/** `tls.CertRequest`: a signing request (PKCS#10) for names and addresses. */
export const certRequest: Kind = {
  table: {
    inputs: {
      privateKeyPem: { type: "string", required: true, replaces: true, secret: true },
      subject: {
        type: { object: { commonName: { type: "string" }, organization: { type: "string" } } },
        replaces: true,
      },
      dnsNames: { type: { list: "string" }, replaces: true },
      ipAddresses: { type: { list: "string" }, replaces: true },
    },
    outputs: { certRequestPem: {}, keyAlgorithm: {} },
  },
  create: async (inputs) => {
    const x509 = await loadX509();
    const key = await readSigningKey(text(inputs, "privateKeyPem"), "privateKeyPem");
    const names = [
      ...texts(inputs, "dnsNames").map((value) => ({ type: "dns" as const, value })),
      ...texts(inputs, "ipAddresses").map((value) => ({ type: "ip" as const, value })),
    ];
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      name: subjectOf(inputs),
      keys: key,
      signingAlgorithm: key.signing,
      extensions: names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [],
    });
    const certRequestPem = `${request.toString("pem")}\n`;
    return {
      id: createHash("sha1").update(certRequestPem).digest("hex"),
      outputs: { certRequestPem, keyAlgorithm: key.algorithm },
    };
  },
  ...kept,
};

function subjectOf({ subject }: Props): { [attribute: string]: string[] }[] {
  const given = isProps(subject) ? subject : {};
  const attributes = { O: given["organization"], CN: given["commonName"] };
  return Object.entries(attributes).flatMap(([name, value]) =>
    typeof value === "string" ? [{ [name]: [value] }] : [],
  );
}
