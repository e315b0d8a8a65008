import { expect, test } from "@jest/globals";
import { secretsProviderIn } from "../../../scripts/pulumi/stackState.ts";

test.each([
  [
    "secretsprovider: awskms://alias/x?region=eu-central-1\nconfig: {}\n",
    "awskms://alias/x?region=eu-central-1",
  ],
  ["config:\n  turnkey:target: aws\n", undefined],
  ["", undefined],
  ["# nothing but a comment\n", undefined],
])("the secrets provider of the stack file %j is %s", (text, provider) => {
  expect(secretsProviderIn(text)).toBe(provider);
});
