/** The parts of an image's name, as Docker reads it. */
export interface ImageReference {
  /** Last part of the repository's path: `livekit-server`. */
  readonly name: string;
  readonly tag: string | undefined;
  /** Of a reference, or of an image of the engine that is named by its id alone. */
  readonly digest: string | undefined;
}

/** Reads `registry:5000/path/name:tag@sha256:...`, or `sha256:...`. */
export function imageReference(text: string): ImageReference {
  if (/^sha256:\w+$/.test(text)) return { name: "", tag: undefined, digest: text };
  const [reference = "", digest] = text.split("@");
  const last = reference.split("/").at(-1) ?? "";
  const [name = "", tag] = last.split(":");
  return { name, tag, digest: digest?.startsWith("sha256:") ? digest : undefined };
}

/** A version's numbers, from a tag such as `v1.13.11`, `4.17.1-r0` or `4.6.1-alpine`; undefined where it has not all three. */
export function versionOf(tag: string): string | undefined {
  return /^v?(\d+\.\d+\.\d+)(?:$|[-_+.])/.exec(tag)?.[1];
}

/** Whether one version is older than another, part by part. */
export const isOlder = (version: string, than: string): boolean =>
  version.localeCompare(than, "en", { numeric: true }) < 0;
