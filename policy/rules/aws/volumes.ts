import { itemsOf, peek, peekAt } from "../../known.ts";
import type { Resource } from "../../rule.ts";
import { INSTANCE, LAUNCH_TEMPLATE } from "./instanceTypes.ts";

/** An EBS volume, wherever it is declared. */
export interface Volume {
  /** Where its inputs stand, with the dot behind it; empty for a volume of its own. */
  readonly path: string;
  readonly encrypted: unknown;
  readonly kmsKeyId: unknown;
}

/** The volumes that a resource makes. An instance always has a root volume, declared or not. */
export function volumesOf({ type, props }: Resource): readonly Volume[] {
  switch (type) {
    case "aws:ebs/volume:Volume":
      return [volume(props, "")];
    case INSTANCE:
      return [
        volume(peek(props, "rootBlockDevice"), "rootBlockDevice."),
        ...itemsOf(props, "ebsBlockDevices").map((it, index) =>
          volume(it, `ebsBlockDevices[${index}].`),
        ),
      ];
    case LAUNCH_TEMPLATE:
      return itemsOf(props, "blockDeviceMappings").flatMap((it, index) => {
        const ebs = peek(it, "ebs");
        return ebs === undefined ? [] : [volume(ebs, `blockDeviceMappings[${index}].ebs.`)];
      });
    default:
      return [];
  }
}

const volume = (holder: unknown, path: string): Volume => ({
  path,
  encrypted: peekAt(holder, "encrypted"),
  kmsKeyId: peekAt(holder, "kmsKeyId"),
});
