import type { Change, Kind } from "../../provider/kind.ts";
import type { AwsKind } from "../awsKind.ts";
import {
  awsTable,
  count,
  fixed,
  flag,
  found,
  text,
  texts,
  textMap,
  withDefault,
} from "../fields.ts";
import { regionalArn } from "../place.ts";
import { elasticAddressOf, publicName } from "./address.ts";

/**
 * `aws_instance` (internal/service/ec2/ec2_instance.go). Its public address is 127.77.0.1 and upwards;
 * user data is kept in plain text, as the Terraform provider does from version 6 on.
 */
export const instance: AwsKind = {
  table: awsTable({
    inputs: {
      ami: fixed(found(text)),
      instanceType: found(text),
      subnetId: fixed(found(text)),
      availabilityZone: fixed(found(text)),
      vpcSecurityGroupIds: found(texts),
      associatePublicIpAddress: fixed(found(flag)),
      privateIp: fixed(found(text)),
      sourceDestCheck: withDefault(flag, true),
      iamInstanceProfile: found(text),
      keyName: fixed(found(text)),
      userData: found(text),
      userDataBase64: found(text),
      userDataReplaceOnChange: withDefault(flag, false),
      monitoring: found(flag),
      ebsOptimized: fixed(found(flag)),
      tenancy: fixed(found(text)),
      hibernation: fixed(flag),
      disableApiStop: found(flag),
      disableApiTermination: found(flag),
      forceDestroy: withDefault(flag, false),
      getPasswordData: withDefault(flag, false),
      instanceInitiatedShutdownBehavior: found(text),
      volumeTags: textMap,
      rootBlockDevice: found({
        type: {
          object: {
            deleteOnTermination: withDefault(flag, true),
            encrypted: fixed(found(flag)),
            iops: found(count),
            kmsKeyId: fixed(found(text)),
            tags: textMap,
            throughput: found(count),
            volumeSize: found(count),
            volumeType: found(text),
          },
        },
      }),
      metadataOptions: found({
        type: {
          object: {
            httpEndpoint: found(text),
            httpProtocolIpv6: found(text),
            httpPutResponseHopLimit: found(count),
            httpTokens: found(text),
            instanceMetadataTags: found(text),
          },
        },
      }),
      maintenanceOptions: found({ type: { object: { autoRecovery: found(text) } } }),
      creditSpecification: { type: { object: { cpuCredits: text } } },
      enclaveOptions: found({ type: { object: { enabled: fixed(found(flag)) } } }),
      privateDnsNameOptions: fixed(
        found({
          type: {
            object: {
              enableResourceNameDnsARecord: found(flag),
              enableResourceNameDnsAaaaRecord: found(flag),
              hostnameType: found(text),
            },
          },
        }),
      ),
    },
    outputs: [
      "arn",
      "instanceState",
      "outpostArn",
      "passwordData",
      "primaryNetworkInterfaceId",
      "privateDns",
      "publicDns",
      "publicIp",
    ],
    tagged: true,
  }),
  id: ({ hex }) => `i-0${hex(16)}`,
  outputs: async ({ inputs, place, hex, address }, id) => {
    const publicIp = inputs["associatePublicIpAddress"] === false ? "" : await address(77);
    const privateIp = inputs["privateIp"] ?? `10.${publicIp.split(".").slice(1).join(".")}`;
    return {
      arn: regionalArn(place, "ec2", `instance/${id}`),
      availabilityZone: inputs["availabilityZone"] ?? `${place.region}a`,
      instanceState: "running",
      outpostArn: "",
      passwordData: "",
      primaryNetworkInterfaceId: `eni-0${hex(16)}`,
      privateIp,
      privateDns: `${id}.${place.region}.compute.internal`,
      publicIp,
      publicDns: publicIp === "" ? "" : publicName(publicIp, place.region),
    };
  },
  seen: elasticAddressOf,
  kept: (state) =>
    state["disableApiTermination"] === true && state["forceDestroy"] !== true
      ? "OperationNotPermitted: disableApiTermination is true; set it to false, or forceDestroy to true"
      : undefined,
  diff: replacedByUserData,
};

// Changed user data needs a new instance only where the program says so; the change itself, in place,
// is found by the table. `replaces` lists both, and the engine goes by the list.
function replacedByUserData(...[olds, news]: Parameters<NonNullable<Kind["diff"]>>): Change[] {
  if (news["userDataReplaceOnChange"] !== true) return [];
  return ["userData", "userDataBase64"]
    .filter((name) => news[name] !== undefined && news[name] !== (olds[name] ?? ""))
    .map((path) => ({ path, kind: "update", replaces: true }));
}
