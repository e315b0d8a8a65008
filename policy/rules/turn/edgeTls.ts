import type { Finding, ResourceRule } from "../../rule.ts";
import { configFilesOf } from "../../subjects/configFiles.ts";

const isOld = /\b(?:ssl-min-ver|force-)\s*(?:SSLv3|TLSv1\.[01]|sslv3|tlsv1[01])\b/;
const isBounded = /\b(?:ssl-min-ver\s+TLSv1\.[23]|force-tlsv1[23])\b/;

/** What is wrong with the TLS of a haproxy.cfg: HAProxy takes older versions than 1.2 where its library does. */
function oldTls(text: string): string | undefined {
  const lines = text.split("\n").map((it) => it.trim().replace(/\s*#.*/, ""));
  const binds = lines.filter((it) => /^bind\s.*\sssl(?:\s|$)/.test(it));
  const defaults = lines.find((it) => it.startsWith("ssl-default-bind-options")) ?? "";
  const old = [defaults, ...binds].find((it) => isOld.test(it));
  if (old !== undefined) return old;
  return isBounded.test(defaults) ? undefined : binds.find((it) => !isBounded.test(it));
}

/** TLS below 1.2 is broken (RFC 8996, RFC 9325). */
export const edgeTls: ResourceRule = {
  name: "turn-edge-tls",
  description: "An HAProxy in front of TURN takes TLS 1.2 and newer alone.",
  level: "mandatory",
  severity: "high",
  mirrors: [],
  checkResource: (resource) =>
    configFilesOf(resource)
      .filter(({ path }) => /(?:^|\/)haproxy[\w-]*\.cfg$/.test(path))
      .flatMap(({ path, text, part }): Finding[] => {
        const line = oldTls(text);
        return line === undefined
          ? []
          : [
              {
                what: "may take TLS older than 1.2",
                seen: `${path}: ${line}`,
                mend: "set ssl-default-bind-options ssl-min-ver TLSv1.2",
                ...(part === undefined ? {} : { part }),
              },
            ];
      }),
};
