/** Secrets stay out of the log: those known by their text wherever in a line, others by their key. */

/** Where log lines go. */
export interface LogSink {
  write(line: string): void;
}

/** What stands in a secret's place. */
export const CENSORED = "[secret]";

/** Shorter texts would be found in words that are no secret. */
const SHORTEST = 6;

const special = /[\\^$.*+?()[\]{}|/]/g;

/** The ways a text gets into a line of JSON: as it is, escaped, in a URL, in base64. */
const spellings = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64"),
  Buffer.from(secret).toString("base64url"),
];

/** A sink that writes `[secret]` for each of these texts of at least 6 characters. */
export function redacting(secrets: readonly string[], sink: LogSink): LogSink {
  const wanted = secrets.filter((it) => it.length >= SHORTEST).flatMap(spellings);
  if (wanted.length === 0) return sink;
  // The longest first: of two that begin alike, the shorter would leave the rest of the longer.
  const texts = [...new Set(wanted)].toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(texts.map((it) => it.replaceAll(special, "\\$&")).join("|"), "g");
  return { write: (line) => sink.write(line.replaceAll(pattern, CENSORED)) };
}

/**
 * A sink that writes `[secret]` for the values of these keys, at any depth of a line of JSON. Few lines have
 * one, and only those are parsed: pino's own `redact` looks along every path of every line, an eighth of the
 * API's work.
 */
export function censoring(keys: readonly string[], sink: LogSink): LogSink {
  const named = new RegExp(`"(?:${keys.join("|")})":`);
  const secret = new Set(keys);
  const censor = (key: string, value: unknown) => (secret.has(key) ? CENSORED : value);
  return {
    write: (line) =>
      sink.write(named.test(line) ? `${JSON.stringify(JSON.parse(line), censor)}\n` : line),
  };
}
