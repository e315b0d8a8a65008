import { text as textOf } from "../../provider/read.ts";
import type { AwsKind } from "../awsKind.ts";
import { awsTable, fixed, flag, found, text } from "../fields.ts";
import { regionalArn } from "../place.ts";

const association = "aws:ec2/eipAssociation:EipAssociation";

/** `aws_eip` (internal/service/ec2/ec2_eip.go). Its address is 127.78.0.1 and upwards. */
export const eip: AwsKind = {
  table: awsTable({
    inputs: {
      domain: fixed(found(text)),
      address: fixed(text),
      instance: found(text),
      networkInterface: found(text),
      associateWithPrivateIp: text,
      networkBorderGroup: fixed(found(text)),
      publicIpv4Pool: fixed(found(text)),
    },
    outputs: [
      "allocationId",
      "arn",
      "associationId",
      "privateDns",
      "privateIp",
      "ptrRecord",
      "publicDns",
      "publicIp",
    ],
    tagged: true,
  }),
  id: ({ hex }) => `eipalloc-0${hex(16)}`,
  outputs: async ({ inputs, place, address }, id) => {
    const publicIp = await address(78);
    return {
      allocationId: id,
      arn: regionalArn(place, "ec2", `elastic-ip/${id}`),
      associationId: "",
      domain: inputs["domain"] ?? "vpc",
      networkBorderGroup: inputs["networkBorderGroup"] ?? place.region,
      publicIpv4Pool: inputs["publicIpv4Pool"] ?? "amazon",
      publicIp,
      publicDns: publicName(publicIp, place.region),
      ptrRecord: "",
    };
  },
  seen: (id, all) => {
    const own = all.find((it) => it.token === association && it.state["allocationId"] === id);
    return own === undefined
      ? { associationId: "" }
      : { associationId: own.id, instance: own.state["instanceId"] ?? "" };
  },
  held: { by: { [association]: "allocationId" }, code: "InvalidIPAddress.InUse" },
};

/** AWS's name of a public address. */
export const publicName = (address: string, region: string): string =>
  `ec2-${address.replaceAll(".", "-")}.${region}.compute.amazonaws.com`;

/**
 * `aws_eip_association` (internal/service/ec2/ec2_eip_association.go): every input replaces. With
 * `allowReassociation` the address moves at once and the association it had is gone.
 */
export const eipAssociation: AwsKind = {
  table: awsTable({
    inputs: {
      allocationId: fixed(found(text)),
      instanceId: fixed(found(text)),
      networkInterfaceId: fixed(found(text)),
      privateIpAddress: fixed(found(text)),
      publicIp: fixed(found(text)),
      allowReassociation: fixed(flag),
    },
  }),
  id: ({ hex }) => `eipassoc-0${hex(16)}`,
  unique: {
    by: ["allocationId"],
    code: "Resource.AlreadyAssociated",
    unless: "allowReassociation",
  },
};

/** The Elastic IP that an instance has now, if any. */
export const elasticAddressOf: NonNullable<AwsKind["seen"]> = (id, all) => {
  const own = all.find((it) => it.token === association && it.state["instanceId"] === id);
  const address = all.find((it) => it.id === own?.state["allocationId"]);
  return address === undefined ? {} : { publicIp: textOf(address.state, "publicIp") };
};
