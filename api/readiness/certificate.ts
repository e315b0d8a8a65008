/** Whether the certificate that is served is valid at this moment. */
import { X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Check } from "./check.ts";

const DAY_MS = 86_400_000;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** From when to when, in milliseconds of the epoch; undefined before there is a certificate. */
type Life = { readonly from: number; readonly to: number } | undefined;

/** When a chain begins and ends to be valid: all of it at once. Throws when a text holds none. */
function lifeOf(pem: string): Life {
  // On a node that has yet to get one.
  if (pem === "") return undefined;
  const chain = (pem.match(PEM) ?? []).map((it) => new X509Certificate(it));
  if (chain.length === 0) throw new Error("there is no certificate in this text");
  return {
    from: Math.max(...chain.map((it) => it.validFromDate.getTime())),
    to: Math.min(...chain.map((it) => it.validToDate.getTime())),
  };
}

const days = (ms: number) => `${Math.floor(ms / DAY_MS)} days`;

function judge(life: Life, at: number): Check {
  if (life === undefined) return { ok: false, detail: "there is no certificate yet" };
  const { from, to } = life;
  if (at < from)
    return {
      ok: false,
      detail: `the certificate is not valid before ${new Date(from).toISOString()}`,
    };
  if (at > to) return { ok: false, detail: `the certificate expired ${days(at - to)} ago` };
  return { ok: true, detail: `the certificate is valid for ${days(to - at)} more` };
}

/**
 * Checks a file with a chain in PEM as it is on the disk whenever it is asked; it is read again when its
 * time, size or inode changed. Never throws.
 */
export function certificateCheck(file: string, now: () => Date): () => Promise<Check> {
  let known: { readonly mark: string; readonly life: Life } | undefined;
  return async () => {
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const mark = `${mtimeMs} ${size} ${ino}`;
      if (known?.mark !== mark) known = { mark, life: lifeOf(await readFile(file, "utf8")) };
      return judge(known.life, now().getTime());
    } catch {
      return { ok: false, detail: "the certificate cannot be read" };
    }
  };
}
