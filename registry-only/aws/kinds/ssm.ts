import { text as textOf } from "../../provider/read.ts";
import type { Change } from "../../provider/kind.ts";
import type { Props } from "../../provider/value.ts";
import type { AwsKind } from "../awsKind.ts";
import { autonamed, awsTable, fixed, flag, found, required, text } from "../fields.ts";
import { regionalArn } from "../place.ts";

/** The inputs whose change puts a new version, all but tags (`resourceParameterUpdate` there). */
const versioned = [
  "value",
  "insecureValue",
  "type",
  "keyId",
  "description",
  "allowedPattern",
  "tier",
];

/** `aws_ssm_parameter` (internal/service/ssm/parameter.go): a changed value is a new version. */
export const parameter: AwsKind = {
  table: awsTable({
    inputs: {
      name: autonamed(2048),
      type: required(text),
      value: { ...found(text), secret: true },
      insecureValue: found(text),
      keyId: found(text),
      description: text,
      allowedPattern: text,
      dataType: fixed(found(text)),
      tier: found(text),
      overwrite: flag,
    },
    outputs: { arn: {}, hasValueWo: { always: false }, version: { renewedBy: versioned } },
    tagged: true,
  }),
  id: ({ inputs }) => textOf(inputs, "name"),
  outputs: ({ inputs, place }, id) => ({
    arn: regionalArn(place, "ssm", `parameter/${id.replace(/^\//, "")}`),
    dataType: inputs["dataType"] ?? "text",
    tier: inputs["tier"] ?? "Standard",
    version: 1,
  }),
  renewed: (_, olds) => ({ version: Number(olds["version"]) + 1 }),
  diff: downgradedTier,
  unique: { by: ["name"], code: "ParameterAlreadyExists", unless: "overwrite" },
};

// AWS cannot make an advanced parameter a standard one.
function downgradedTier(olds: Props, news: Props): Change[] {
  const downgraded = olds["tier"] === "Advanced" && news["tier"] === "Standard";
  return downgraded ? [{ path: "tier", kind: "update", replaces: true }] : [];
}
