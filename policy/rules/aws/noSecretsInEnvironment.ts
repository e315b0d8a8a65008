import { peek, peekAt } from "../../known.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { secretsIn } from "../../secretText.ts";

/** Environments are shown by consoles and APIs to all who may describe the function or task. */
export const noSecretsInEnvironment: ResourceRule = {
  name: "no-secrets-in-aws-environment",
  description: "Environments of Lambda functions and ECS tasks hold no secret.",
  level: "mandatory",
  severity: "high",
  mirrors: ["CKV_AWS_45"],
  checkResource: (resource) =>
    environmentOf(resource).flatMap(([name, value]): readonly Finding[] =>
      secretsIn(`${name}=${value}`).map((kind) => ({
        what: "has a secret in its environment",
        seen: `the variable ${name} holds ${kind}`,
        mend: "read it from Secrets Manager or Parameter Store while running",
      })),
    ),
};

type Variable = readonly [name: string, value: string];

function environmentOf({ type, props }: Resource): readonly Variable[] {
  if (type === "aws:lambda/function:Function") {
    const variables = peekAt(props, "environment", "variables");
    if (typeof variables !== "object" || variables === null) return [];
    return Object.keys(variables).flatMap((name) => variable(name, peek(variables, name)));
  }
  if (type !== "aws:ecs/taskDefinition:TaskDefinition") return [];
  return parsedList(props["containerDefinitions"]).flatMap((container) =>
    listOf(peek(container, "environment")).flatMap((it) => {
      const name = peek(it, "name");
      return typeof name === "string" ? variable(name, peek(it, "value")) : [];
    }),
  );
}

const variable = (name: string, value: unknown): readonly Variable[] =>
  typeof value === "string" ? [[name, value]] : [];

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function parsedList(json: unknown): readonly unknown[] {
  if (typeof json !== "string") return [];
  try {
    return listOf(JSON.parse(json));
  } catch {
    return [];
  }
}
