import { text as textOf } from "../../provider/read.ts";
import type { Props } from "../../provider/value.ts";
import type { AwsKind, Making } from "../awsKind.ts";
import {
  autonamed,
  awsTable,
  count,
  fixed,
  flag,
  found,
  required,
  text,
  withDefault,
} from "../fields.ts";
import { regionalArn } from "../place.ts";

/** `aws_kms_key` (internal/service/kms/key.go). */
export const key: AwsKind = {
  table: awsTable({
    inputs: {
      description: found(text),
      policy: found(text),
      enableKeyRotation: withDefault(flag, false),
      rotationPeriodInDays: found(count),
      deletionWindowInDays: count,
      isEnabled: withDefault(flag, true),
      multiRegion: fixed(found(flag)),
      keyUsage: fixed(withDefault(text, "ENCRYPT_DECRYPT")),
      customerMasterKeySpec: fixed(withDefault(text, "SYMMETRIC_DEFAULT")),
      bypassPolicyLockoutSafetyCheck: withDefault(flag, false),
    },
    outputs: ["arn", "keyId"],
    tagged: true,
  }),
  id: ({ hex }) => [8, 4, 4, 4, 12].map((digits) => hex(digits)).join("-"),
  outputs: ({ inputs, place }, id) => ({
    arn: regionalArn(place, "kms", `key/${id}`),
    keyId: id,
    multiRegion: inputs["multiRegion"] ?? false,
  }),
};

/** `aws_kms_alias` (internal/service/kms/alias.go). */
export const alias: AwsKind = {
  table: awsTable({
    inputs: { name: autonamed(256), targetKeyId: required(text) },
    outputs: { arn: {}, targetKeyArn: { renewedBy: ["targetKeyId"] } },
  }),
  id: ({ inputs }) => textOf(inputs, "name"),
  outputs: (making, id) => ({ arn: regionalArn(making.place, "kms", id), ...targetOf(making) }),
  renewed: targetOf,
  unique: { by: ["name"], code: "AlreadyExistsException" },
};

function targetOf({ inputs, place }: Making): Props {
  const target = textOf(inputs, "targetKeyId");
  const arn = target.startsWith("arn:") ? target : regionalArn(place, "kms", `key/${target}`);
  return { targetKeyArn: arn };
}
