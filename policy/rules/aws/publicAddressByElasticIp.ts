import { isGiven, itemsOf, peek } from "../../known.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { INSTANCE, LAUNCH_TEMPLATE } from "./instanceTypes.ts";

/** An address that AWS draws changes with the instance, and opens whatever starts in a subnet to the internet. */
export const publicAddressByElasticIp: ResourceRule = {
  name: "public-address-by-elastic-ip",
  description: "Public addresses are Elastic IPs; nothing gets one by starting.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV_AWS_88", "CKV_AWS_130", "CT.EC2.PR.8", "ec2-instance-no-public-ip"],
  checkResource: (resource) =>
    switches(resource)
      .filter(([, value]) => value === true || value === "true" || value === BY_DEFAULT)
      .map(([path, value]): Finding => ({
        what: "draws a public address of its own",
        seen: value === BY_DEFAULT ? `${path} is not set, nor is subnetId` : `${path} is true`,
        mend: `set ${path} to false, and associate an Elastic IP`,
      })),
};

function switches({ type, props }: Resource): readonly (readonly [path: string, value: unknown])[] {
  switch (type) {
    case INSTANCE:
      return [["associatePublicIpAddress", drawsByDefault(props)]];
    case "aws:ec2/subnet:Subnet":
      return [["mapPublicIpOnLaunch", peek(props, "mapPublicIpOnLaunch")]];
    case LAUNCH_TEMPLATE:
      return itemsOf(props, "networkInterfaces").map(
        (it, index) =>
          [
            `networkInterfaces[${index}].associatePublicIpAddress`,
            peek(it, "associatePublicIpAddress"),
          ] as const,
      );
    default:
      return [];
  }
}

/** An instance that is given no subnet lands in the default VPC, whose subnets give addresses unless told not to. */
function drawsByDefault(props: Resource["props"]): unknown {
  const given = peek(props, "associatePublicIpAddress");
  const placed = ["subnetId", "networkInterfaces", "primaryNetworkInterface", "launchTemplate"];
  return given === undefined && !placed.some((key) => isGiven(props, key)) ? BY_DEFAULT : given;
}

const BY_DEFAULT = "by default";
