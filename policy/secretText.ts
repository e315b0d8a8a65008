/** Finds what looks like a secret in a text. */
import { type Layer, unpacked } from "./unpacked.ts";

const KINDS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["an AWS access key id", /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/],
  ["a JSON web token", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/],
  ["a GitHub token", /\b(?:gh[pousr]_\w{36,}|github_pat_\w{22,})\b/],
  ["a Slack token", /\bxox[abeoprs]-[\w-]{10,}/],
  ["a Google API key", /\bAIza[\w-]{35}\b/],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@$"'<]+:(?!\$)[^\s/@"'<]{3,}@/i],
];

/** `password = "..."`, `API_SECRET: ...`, `--token=...`, however the name is spelt, and also in JSON within JSON. */
const ASSIGNED =
  /\b[\w.-]*(?:passw(?:or)?d|passphrase|secret|api[_-]?key|private[_-]?key|access[_-]?key|token)(?:[_-]?(?:key|value|text|string))?\\*["']?\s*[:=]\s*(?:\\*["']([^"'\\\n]+)|([^\s"'\\,;&|)}\]]+))/gi;

/** What stands where a secret would, and is none: a place to find it, a name, a placeholder, or a setting about it. */
const NO_SECRET = [
  /^[$%<{*([!]/,
  /^(?:arn:|ssm:|https?:|file:|\/|~|\.{1,2}\/)/,
  /^(?:true|false|null|none|yes|no|required|optional|undefined|changeme)$/i,
  /^[\d.]+[smhd]?$/,
  // An expression of a program that has the secret from elsewhere: `read(...)`, `told["..."]`.
  /^[A-Za-z_][\w.]*[([]/,
];

/** What kinds of secret a text seems to hold, also where it is packed in base64 or gzip; empty where none. */
export const secretsIn = (text: string): readonly string[] => [
  ...new Set(unpacked(text).flatMap(plainSecrets)),
];

function plainSecrets({ text, bare }: Layer): string[] {
  const known = KINDS.filter(([, pattern]) => pattern.test(text)).map(([what]) => what);
  const assigned = [...text.matchAll(ASSIGNED)].some(([, quoted, bareword = ""]) =>
    isSecretValue(quoted ?? bareword),
  );
  const random = [...bare.matchAll(TOKEN)].some(isRandom);
  return [
    ...known,
    ...(assigned ? ["a value that is called a secret"] : []),
    ...(random ? ["a random text"] : []),
  ];
}

const isSecretValue = (value: string) =>
  value.length >= 6 &&
  (!NO_SECRET.some((pattern) => pattern.test(value)) || (value.startsWith("/") && isPacked(value)));

/** Whether what begins as a path has a part that no folder is called: base64 has slashes in it. */
const isPacked = (text: string) =>
  text.split("/").some((part) => part.length >= 16 && isJumbled(part));

/** Letters and digits of base64, in either alphabet; digests and other names say what they are before a colon or dash. */
const TOKEN = /(?<![\w+/=.:@-])(?:sha\d+[:-])?[\w+/-]{32,}={0,2}/g;

/** Bits a character that 32 random characters of base64 nearly always exceed, and words never together with many digits. */
const RANDOM_BITS = 4;

function isRandom([token]: RegExpExecArray): boolean {
  if (/^sha\d+[:-]/.test(token) || (token.startsWith("/") && !isPacked(token))) return false;
  return isJumbled(token) && bitsPerCharacter(token) > RANDOM_BITS;
}

/** Small letters, capitals and digits mixed as words are not. */
function isJumbled(text: string): boolean {
  const digits = text.match(/\d+/g)?.length ?? 0;
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && digits >= 3;
}

/** Shannon's entropy of its characters. */
function bitsPerCharacter(text: string): number {
  const counts = [...Map.groupBy(text, (it) => it).values()];
  return counts.reduce((sum, { length }) => {
    const share = length / text.length;
    return sum - share * Math.log2(share);
  }, 0);
}
