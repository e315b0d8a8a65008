import { mayBe, peekAt, shown } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";

/** Known holes of an image are found when it is pushed, before a node runs it. */
export const ecrScanOnPush: ResourceRule = {
  name: "ecr-scan-on-push",
  description: "Image repositories scan what is pushed.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV_AWS_163"],
  checkResource: ({ type, props }) => {
    if (type !== "aws:ecr/repository:Repository") return [];
    const scans = peekAt(props, "imageScanningConfiguration", "scanOnPush");
    if (mayBe(scans, true)) return [];
    return [
      {
        what: "does not scan images",
        seen: `imageScanningConfiguration.scanOnPush is ${shown(scans)}`,
        mend: "set imageScanningConfiguration.scanOnPush to true",
      },
    ];
  },
};
