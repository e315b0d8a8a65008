import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { parseSettings, stackValues } from "../../../config.ts";
import { settingsOf } from "../../../scripts/commands/stackSettings.ts";
import { deployNeeds, previewNeeds, targetOf } from "../../../scripts/commands/targetOf.ts";

const text = readFileSync(join(import.meta.dirname, "..", "..", "..", "Pulumi.prod.yaml"), "utf8");
const File = z.object({ config: z.record(z.string(), z.unknown()) });

describe("Pulumi.prod.yaml as it is committed", () => {
  test("lacks what only its user can say, and nothing else", () => {
    expect(() => settingsOf("prod")).toThrow(
      `2 settings are wrong
  api.signIn.secret: given not set, wanted a secret of your own; a generated one is for target docker only - pulumi config set --secret --path turnkey:api.signIn.secret <value>
  aws.region: given not set, wanted a region such as eu-central-1 - pulumi config set --path turnkey:aws.region <value>`,
    );
  });

  test("marks exactly those two", () => {
    expect(text.match(/# FILL IN:/g)).toHaveLength(2);
  });

  test("is a stack on AWS, which previews without Docker and is not deployed before it is filled in", () => {
    expect(targetOf("prod")).toBe("aws");
    expect(previewNeeds("prod")).toEqual(["cli"]);
    expect(() => deployNeeds("prod")).toThrow("aws.region");
  });

  test("has examples that hold, all of them together", () => {
    // A setting behind a # is an example; prose has no key in front.
    const filled = text.replaceAll(/^( *)# ((?:turnkey:)?[a-zA-Z]+: \S.*)$/gm, "$1$2");
    const { config } = File.parse(parse(filled));
    const values = Object.entries(config).map(([key, it]): [string, string] => [
      key,
      typeof it === "string" ? it : JSON.stringify(it),
    ]);
    const settings = parseSettings(stackValues(Object.fromEntries(values)));
    if (settings.target !== "aws") throw new Error(settings.target);
    expect(settings).toMatchObject({
      turn: { domain: "rtc.example.com" },
      aws: { region: "eu-central-1", instanceType: "c7g.xlarge", tags: { team: "media" } },
      api: { signIn: { kind: "jwks" }, image: "registry.example.com/turnkey-api:1.0.0" },
    });
  });
});

test("the dev stack needs this machine's Docker Engine", () => {
  expect(targetOf("dev")).toBe("docker");
  expect(previewNeeds("dev")).toEqual(["cli", "engine", "images"]);
  expect(deployNeeds("dev")).toEqual(["cli", "engine", "images"]);
});
