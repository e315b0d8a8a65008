import * as z from "zod";
import { statementsOf, statementText } from "../../iamStatements.ts";
import type { Finding, ResourceRule } from "../../rule.ts";

const config = z.strictObject({
  services: z
    .array(z.string())
    .default(["ec2.amazonaws.com", "vpc-flow-logs.amazonaws.com"])
    .describe("Services that may take on a role"),
});

/** Whoever a role trusts has all that the role may do. */
export const rolesTrustServices: ResourceRule<z.infer<typeof config>> = {
  name: "roles-trust-services",
  description: "Roles are taken on by the services they are made for, and by nobody else.",
  level: "mandatory",
  severity: "high",
  mirrors: ["CKV_AWS_60", "CKV_AWS_61"],
  config,
  checkResource: ({ type, props }, { services }) =>
    type === "aws:iam/role:Role"
      ? (statementsOf(props["assumeRolePolicy"]) ?? [])
          .filter(({ allows }) => allows)
          .flatMap((statement): readonly Finding[] => {
            const others = statement.principals.filter(
              ([kind, who]) => kind !== "Service" || !services.includes(who),
            );
            const wrong = statement.inverted ? [["NotPrincipal", "everybody else"]] : others;
            return wrong.map((principal) => ({
              what: "may be taken on by others than its services",
              seen: `assumeRolePolicy, ${statementText(statement, "the principal", principal.join(" "))}`,
              mend: `name a Service among ${services.join(", ")}`,
            }));
          })
      : [],
};
