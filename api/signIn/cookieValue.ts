/** Reading the Cookie header (RFC 6265 section 4.2.1). */
import { unauthorized } from "../signIn.ts";

/** Escapes are Express's (`encodeURIComponent`); a value without valid ones is as it stands. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/**
 * The value of a cookie; undefined when it did not come. A cookie that came twice is refused: which of
 * them the application would read is anybody's guess, and a neighbouring site may have set the other.
 */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  const values = (header ?? "").split(";").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at >= 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : [];
  });
  if (values.length > 1) throw unauthorized(`the cookie ${name} came more than once`);
  return values[0] === undefined ? undefined : decoded(values[0]);
}
