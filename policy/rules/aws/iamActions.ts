import * as z from "zod";
import { statementText } from "../../iamStatements.ts";
import type { Finding, ResourceRule } from "../../rule.ts";
import { identityDocuments } from "./iamDocuments.ts";

const config = z.strictObject({
  wildcards: z
    .array(z.string())
    .default([])
    .describe("Actions with a star that are allowed all the same, such as `ec2messages:*`"),
});

/** A star grants what AWS adds next year as well. */
export const iamActions: ResourceRule<z.infer<typeof config>> = {
  name: "iam-actions-named",
  description: "IAM policies name each action that they allow.",
  level: "mandatory",
  severity: "high",
  mirrors: ["CKV_AWS_62", "CKV_AWS_63", "CKV2_AWS_40"],
  config,
  checkResource: (resource, { wildcards }) =>
    identityDocuments(resource).flatMap(({ path, statements }) =>
      statements
        .filter(({ allows }) => allows)
        .flatMap((statement): readonly Finding[] => {
          const seen = (key: string, value: unknown) =>
            `${path}, ${statementText(statement, key, value)}`;
          const wide = statement.actions.filter((it) => /[*?]/.test(it) && !wildcards.includes(it));
          return [
            ...wide.map((action) => ({
              what: "allows actions with a star",
              seen: seen("the action", action),
              mend: "name the actions that are needed",
            })),
            ...(statement.inverted
              ? [
                  {
                    what: "allows everything but what it names",
                    seen: seen("NotAction, NotResource or NotPrincipal", "Allow"),
                    mend: "name what is allowed in Action and Resource",
                  },
                ]
              : []),
          ];
        }),
    ),
};
