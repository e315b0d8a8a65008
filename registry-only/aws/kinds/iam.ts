import { text as textOf } from "../../provider/read.ts";
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
  texts,
  withDefault,
} from "../fields.ts";
import { globalArn } from "../place.ts";

/** `aws_iam_role` (internal/service/iam/role.go). */
export const role: AwsKind = {
  table: awsTable({
    inputs: {
      name: autonamed(64),
      assumeRolePolicy: required(text),
      description: text,
      path: fixed(withDefault(text, "/")),
      maxSessionDuration: withDefault(count, 3600),
      permissionsBoundary: text,
      forceDetachPolicies: withDefault(flag, false),
      managedPolicyArns: found(texts),
    },
    outputs: ["arn", "createDate", "uniqueId"],
    global: true,
    tagged: true,
  }),
  id: ({ inputs }) => textOf(inputs, "name"),
  outputs: (making, id) => ({
    ...identity(making, "role", id),
    uniqueId: `AROA${making.hex(17).toUpperCase()}`,
  }),
  unique: { by: ["name"], code: "EntityAlreadyExists" },
  held: {
    by: {
      "aws:iam/rolePolicy:RolePolicy": "role",
      "aws:iam/instanceProfile:InstanceProfile": "role",
    },
    code: "DeleteConflict",
  },
};

/** `aws_iam_role_policy` (internal/service/iam/role_policy.go): one of the same name is written over. */
export const rolePolicy: AwsKind = {
  table: awsTable({
    inputs: { name: autonamed(128), role: fixed(required(text)), policy: required(text) },
    global: true,
  }),
  id: ({ inputs }) => `${textOf(inputs, "role")}:${textOf(inputs, "name")}`,
};

/** `aws_iam_instance_profile` (internal/service/iam/instance_profile.go). */
export const instanceProfile: AwsKind = {
  table: awsTable({
    inputs: { name: autonamed(128), role: text, path: fixed(withDefault(text, "/")) },
    outputs: ["arn", "createDate", "uniqueId"],
    global: true,
    tagged: true,
  }),
  id: ({ inputs }) => textOf(inputs, "name"),
  outputs: (making, id) => ({
    ...identity(making, "instance-profile", id),
    uniqueId: `AIPA${making.hex(17).toUpperCase()}`,
  }),
  unique: { by: ["name"], code: "EntityAlreadyExists" },
};

const identity = ({ inputs, place, now }: Making, kind: string, name: string) => ({
  arn: globalArn(place, "iam", `${kind}${textOf(inputs, "path")}${name}`),
  createDate: now.toISOString(),
});
