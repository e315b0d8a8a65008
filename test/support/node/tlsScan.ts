/** What TLS a server offers, as sslscan finds it, and what of that is weak. */
import { runCommand } from "../../../scripts/setup/runCommand.ts";
import { debianTool } from "../../../scripts/setup/debianTool.ts";
import { asRoot } from "./asRoot.ts";

export interface TlsScan {
  /** Those that are offered, such as `TLSv1.2`. */
  readonly protocols: readonly string[];
  /** OpenSSL's names. */
  readonly ciphers: readonly string[];
  /** Of key exchanges. */
  readonly groups: readonly string[];
  readonly compression: boolean;
  /** Whether a client may have keys changed without being proven to be the same one (RFC 5746). */
  readonly insecureRenegotiation: boolean;
  readonly heartbleed: boolean;
  /** Of the certificate: `EC` with bits of strength, `RSA` with bits of the number. */
  readonly key: { readonly type: string; readonly bits: number };
  readonly signature: string;
}

const attributes = (tag: string): Record<string, string | undefined> =>
  Object.fromEntries([...tag.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));

const said = (it: Record<string, string | undefined>, name: string) => it[name] === "1";

/** Reads sslscan's XML. Throws where it scanned nothing. */
export function parseScan(xml: string): TlsScan {
  const all = (name: string) =>
    [...xml.matchAll(new RegExp(`<${name} [^>]*>`, "g"))].map(([tag]) => attributes(tag));
  if (all("protocol").length === 0) throw new Error(`sslscan found no server: ${xml}`);
  const key = all("pk")[0] ?? {};
  return {
    protocols: all("protocol")
      .filter((it) => said(it, "enabled"))
      .map(({ type, version }) => `${type?.toUpperCase()}v${version}`),
    ciphers: all("cipher").map((it) => it["cipher"] ?? ""),
    groups: [...new Set(all("group").map((it) => it["name"] ?? ""))],
    compression: all("compression").some((it) => said(it, "supported")),
    insecureRenegotiation: all("renegotiation").some(
      (it) => said(it, "supported") && !said(it, "secure"),
    ),
    heartbleed: all("heartbleed").some((it) => said(it, "vulnerable")),
    key: { type: key["type"] ?? "", bits: Number(key["bits"]) },
    signature: /<signature-algorithm>(.*?)<\/signature-algorithm>/.exec(xml)?.[1] ?? "",
  };
}

const PROTOCOLS = ["TLSv1.2", "TLSv1.3"];
/** Those of TLS 1.3, and of TLS 1.2 what agrees on keys anew each time and authenticates while it encrypts. */
const STRONG = /^(?:TLS_|ECDHE-(?:ECDSA|RSA)-).*(?:GCM|CHACHA20)/;
const GROUPS = /^(?:x25519|secp256r1|secp384r1|X25519MLKEM768)\b/;
const LEAST_BITS: Readonly<Record<string, number>> = { EC: 128, RSA: 2048 };

/** Everything that nobody should be offered. */
export const weaknesses = (it: TlsScan): string[] => [
  ...it.protocols.filter((name) => !PROTOCOLS.includes(name)),
  ...it.ciphers.filter((name) => !STRONG.test(name)),
  ...it.groups.filter((name) => !GROUPS.test(name)),
  ...(it.compression ? ["compression"] : []),
  ...(it.insecureRenegotiation ? ["insecure renegotiation"] : []),
  ...(it.heartbleed ? ["Heartbleed"] : []),
  ...(it.key.bits >= (LEAST_BITS[it.key.type] ?? Infinity)
    ? []
    : [`${it.key.type} key of ${it.key.bits} bits`]),
  ...(/sha(?:256|384|512)/i.test(it.signature) ? [] : [`signed by ${it.signature}`]),
];

/** Scans `host:port` from a network namespace, or else from this machine. */
export async function scanTls(at: string, namespace?: string): Promise<TlsScan> {
  const enter = namespace === undefined ? [] : asRoot("ip", "netns", "exec", namespace);
  const scan = debianTool("sslscan").command("sslscan");
  const [file, ...args] = [...enter, ...scan, "--xml=-", at];
  return parseScan(await runCommand({ file, args }));
}
