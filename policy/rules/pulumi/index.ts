/** What any stack is held to, whatever it is deployed on. */
import type { AnyRule } from "../../rule.ts";
import { certificateRenewal } from "./certificateRenewal.ts";
import { generatedSecretLength } from "./generatedSecretLength.ts";
import { identityProtected } from "./identityProtected.ts";
import { tagged } from "./tagged.ts";

export const pulumiRules: readonly AnyRule[] = [
  identityProtected,
  tagged,
  generatedSecretLength,
  certificateRenewal,
];
