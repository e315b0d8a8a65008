/** Reads and compares versions of Go. */

export interface GoVersion {
  readonly major: number;
  readonly minor: number;
}

const numbers = (text: string | undefined): GoVersion | undefined => {
  const found = /(\d+)\.(\d+)/.exec(text ?? "");
  return found ? { major: Number(found[1]), minor: Number(found[2]) } : undefined;
};

/** The version that `go version` prints (`go version go1.26.8 linux/amd64`); none for a development build. */
export const parseGoVersion = (printed: string): GoVersion | undefined =>
  numbers(/\bgo(\d+\.\d+)/.exec(printed)?.[1]);

/** Whether `version` is `minimum` (such as `1.21`) or newer. */
export function isAtLeast(version: GoVersion, minimum: string): boolean {
  const wanted = numbers(minimum);
  if (!wanted) throw new Error(`"${minimum}" is no version of Go`);
  return version.major === wanted.major
    ? version.minor >= wanted.minor
    : version.major > wanted.major;
}

const CANDIDATE =
  /^(golang(?:-go|-\d+\.\d+)):\n(?:\s+Installed: .*\n)?\s+Candidate: (?:\d+:)?(\S+)/gm;

/**
 * The Debian package that brings a new enough Go, out of what `apt-cache policy` says of several:
 * `golang-go`, otherwise the newest `golang-1.N`, none when all are too old.
 */
export function goPackage(policy: string, minimum: string): string | undefined {
  const candidates = [...policy.matchAll(CANDIDATE)].flatMap(([, name, text]) => {
    const version = numbers(text);
    return name && version && isAtLeast(version, minimum) ? [{ name, version }] : [];
  });
  const newestFirst = candidates.toSorted((a, b) => b.version.minor - a.version.minor);
  return (candidates.find((it) => it.name === "golang-go") ?? newestFirst[0])?.name;
}
