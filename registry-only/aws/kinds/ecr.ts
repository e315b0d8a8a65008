import { text as textOf } from "../../provider/read.ts";
import type { AwsKind } from "../awsKind.ts";
import { awsTable, fixed, flag, found, listOf, required, text, withDefault } from "../fields.ts";
import { regionalArn } from "../place.ts";

/** `aws_ecr_repository` (internal/service/ecr/repository.go). */
export const repository: AwsKind = {
  table: awsTable({
    inputs: {
      name: fixed({ ...text, autoname: { longest: 255, lowerCase: true } }),
      imageTagMutability: withDefault(text, "MUTABLE"),
      imageScanningConfiguration: { type: { object: { scanOnPush: required(flag) } } },
      encryptionConfigurations: fixed({
        type: listOf({
          encryptionType: fixed(withDefault(text, "AES256")),
          kmsKey: fixed(found(text)),
        }),
      }),
      forceDelete: flag,
    },
    outputs: ["arn", "registryId", "repositoryUrl"],
    tagged: true,
  }),
  id: ({ inputs }) => textOf(inputs, "name"),
  outputs: ({ place }, id) => ({
    arn: regionalArn(place, "ecr", `repository/${id}`),
    registryId: place.account,
    repositoryUrl: `${place.account}.dkr.ecr.${place.region}.${place.partition.dnsSuffix}/${id}`,
  }),
  unique: { by: ["name"], code: "RepositoryAlreadyExistsException" },
};

/** `aws_ecr_lifecycle_policy` (internal/service/ecr/lifecycle_policy.go): it cannot be changed. */
export const lifecyclePolicy: AwsKind = {
  table: awsTable({
    inputs: { repository: fixed(required(text)), policy: fixed(required(text)) },
    outputs: ["registryId"],
  }),
  id: ({ inputs }) => textOf(inputs, "repository"),
  outputs: ({ place }) => ({ registryId: place.account }),
};
