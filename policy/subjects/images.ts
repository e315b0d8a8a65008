/** Resources that bring an image to a machine, and which of them a container is made of. */
import type { Resource } from "../rule.ts";
import type { Container } from "./container.ts";
import { imageReference, versionOf } from "./imageReference.ts";
import { known, textAt } from "./seen.ts";

/** The input that names the image, by kind. */
export const imageInputs: Readonly<Record<string, string>> = {
  "docker:index/remoteImage:RemoteImage": "name",
  "docker:index/image:Image": "imageName",
};

/** The name of a container's image: that of the image resource whose id it takes, or the container's own. */
export function imageName(
  { resource, image }: Container,
  resources: readonly Resource[],
): string | undefined {
  const id = known(image);
  const source = resources.find(
    ({ type, urn, props }) =>
      imageInputs[type] !== undefined &&
      (resource.dependencies["image"]?.includes(urn) === true ||
        (id !== undefined && id === textAt(props, "imageId"))),
  );
  const input = source && imageInputs[source.type];
  return input === undefined ? id : known(textAt(source?.props, input));
}

/** The version of a container's program, by the tag of its image; undefined where the tag tells none. */
export const programVersion = (
  container: Container,
  resources: readonly Resource[],
): string | undefined => versionOf(imageReference(imageName(container, resources) ?? "").tag ?? "");
