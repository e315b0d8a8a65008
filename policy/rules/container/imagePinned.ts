import { shown } from "../../known.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { containersOf } from "../../subjects/containers.ts";
import { imageReference } from "../../subjects/imageReference.ts";
import { imageInputs } from "../../subjects/images.ts";
import { textAt } from "../../subjects/seen.ts";
import { cisDocker } from "./containerRule.ts";

/** A whole version, or one with a number and what it was built of; `1.13` and `stable` move. */
const isExact = (tag: string): boolean => /^v?\d+\.\d+\.\d+(?:[-_+.][\w.-]+)?$/.test(tag);

/** A tag that moves makes another deployment of the same program, on another day or another machine. */
export const imagePinned: ResourceRule = {
  name: "container-image-pinned",
  description: "An image is named by its digest, or by a tag that is an exact version.",
  level: "mandatory",
  severity: "high",
  mirrors: ["CKV_DOCKER_7", "AVD-DS-0001", cisDocker("5.28")],
  checkResource: (resource) =>
    namedImages(resource).flatMap(({ input, value, part }): Finding[] => {
      // Known while deploying, and judged then; the image that it comes from is judged before.
      if (typeof value === "symbol") return [];
      const { tag, digest } = imageReference(value ?? "");
      if (digest !== undefined || (tag !== undefined && isExact(tag))) return [];
      return [
        {
          what:
            tag === undefined
              ? "names an image without a version"
              : "names an image by a tag that moves",
          seen: `${input} is ${shown(value)}`,
          mend: "name it by digest (name@sha256:...), or by a tag with a whole version such as 1.13.11",
          ...(part === undefined ? {} : { part }),
        },
      ];
    }),
};

/** Also of a container that is never started: its image is unpacked all the same, and started by hand. */
function namedImages(resource: Resource) {
  const input = imageInputs[resource.type];
  return input === undefined
    ? containersOf(resource).map(({ inputs, image, part }) => ({
        input: inputs.image,
        value: image,
        part,
      }))
    : [{ input, value: textAt(resource.props, input), part: undefined }];
}
