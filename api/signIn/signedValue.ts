/** Signed cookie values, as Express and Fastify make them. */
import { createHmac, timingSafeEqual } from "node:crypto";

/** cookie-signature's: base64 of HMAC-SHA256 without padding. */
const signatureOf = (value: string, secret: string) =>
  Buffer.from(createHmac("sha256", secret).update(value).digest("base64").replace(/=+$/, ""));

/**
 * The value in `s:value.signature` (cookie-parser, `res.cookie` with `signed: true`) or
 * `value.signature` (@fastify/cookie), when one of the secrets signed it. Every secret is tried,
 * in the same time whichever fits.
 */
export function unsigned(text: string, secrets: readonly string[]): string | undefined {
  const signed = text.startsWith("s:") ? text.slice(2) : text;
  const at = signed.lastIndexOf(".");
  if (at < 0) return undefined;
  const value = signed.slice(0, at);
  const given = Buffer.from(signed.slice(at + 1));
  const fits = secrets.map((secret) => {
    const wanted = signatureOf(value, secret);
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  });
  return fits.includes(true) ? value : undefined;
}
