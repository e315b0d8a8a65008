import { createHash } from "node:crypto";

/** Everything that an image of the API is made of. */
export interface ApiImageContent {
  /** Text of the Dockerfile. */
  readonly dockerfile: string;
  /** Image that it begins with. */
  readonly base: string;
  /** Such as `linux/arm64`. */
  readonly platform: string;
  /** Hashes of what it copies, in hex. */
  readonly files: readonly string[];
}

/** Letters of the hash in a tag: 48 bits, so that no two images of a repository have one in common. */
const LENGTH = 12;

/** A text that is another one exactly when the image is: hex, lower case. */
export const apiImageContent = (content: ApiImageContent): string =>
  createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, LENGTH);
