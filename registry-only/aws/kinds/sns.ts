import { text as textOf } from "../../provider/read.ts";
import type { AwsKind } from "../awsKind.ts";
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

/**
 * `aws_sns_topic`: name and kind of topic replace (from its documentation; its source was not read).
 * A topic of the same name is taken over, as CreateTopic does.
 */
export const topic: AwsKind = {
  table: awsTable({
    inputs: {
      name: autonamed(256),
      displayName: text,
      kmsMasterKeyId: text,
      policy: found(text),
      deliveryPolicy: text,
      signatureVersion: found(count),
      tracingConfig: found(text),
      fifoTopic: fixed(withDefault(flag, false)),
      contentBasedDeduplication: withDefault(flag, false),
    },
    outputs: ["arn", "beginningArchiveTime", "owner"],
    tagged: true,
  }),
  id: ({ inputs, place }) => regionalArn(place, "sns", textOf(inputs, "name")),
  outputs: ({ place }, id) => ({ arn: id, beginningArchiveTime: "", owner: place.account }),
};

/** `aws_sns_topic_policy` (internal/service/sns/topic_policy.go). */
export const topicPolicy: AwsKind = {
  table: awsTable({
    inputs: { arn: fixed(required(text)), policy: required(text) },
    outputs: ["owner"],
  }),
  id: ({ inputs }) => textOf(inputs, "arn"),
  outputs: ({ place }) => ({ owner: place.account }),
};

/** `aws_sns_topic_subscription` (internal/service/sns/topic_subscription.go). */
export const topicSubscription: AwsKind = {
  table: awsTable({
    inputs: {
      topic: fixed(required(text)),
      protocol: fixed(required(text)),
      endpoint: fixed(required(text)),
      confirmationTimeoutInMinutes: withDefault(count, 1),
      endpointAutoConfirms: withDefault(flag, false),
      rawMessageDelivery: withDefault(flag, false),
      filterPolicy: text,
      filterPolicyScope: found(text),
      deliveryPolicy: text,
      redrivePolicy: text,
      subscriptionRoleArn: text,
    },
    outputs: ["arn", "confirmationWasAuthenticated", "ownerId", "pendingConfirmation"],
  }),
  id: ({ inputs, hex }) =>
    `${textOf(inputs, "topic")}:${[8, 4, 4, 4, 12].map((digits) => hex(digits)).join("-")}`,
  outputs: ({ inputs, place }, id) => ({
    arn: id,
    confirmationWasAuthenticated: false,
    ownerId: place.account,
    // Mail is confirmed by a person, whom nothing waits for.
    pendingConfirmation: textOf(inputs, "protocol").startsWith("email"),
  }),
};
