import { mayBe, shown } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";
import { volumesOf } from "./volumes.ts";

/** Disks hold keys and logs, and a snapshot of a plain one can be given to any account. */
export const volumesEncrypted: ResourceRule = {
  name: "volumes-encrypted",
  description: "Root and data volumes are encrypted.",
  level: "mandatory",
  severity: "high",
  mirrors: [
    "CKV_AWS_8",
    "CKV_AWS_3",
    "CKV2_AWS_2",
    "AVD-AWS-0131",
    "AVD-AWS-0026",
    "CT.EC2.PR.7",
    "encrypted-volumes",
  ],
  checkResource: (resource) =>
    volumesOf(resource)
      .filter(({ encrypted }) => !mayBe(encrypted, true, "true"))
      .map(({ path, encrypted }) => ({
        what: "has a volume that is not encrypted",
        seen: `${path}encrypted is ${shown(encrypted)}`,
        mend: `set ${path}encrypted to true`,
      })),
};
