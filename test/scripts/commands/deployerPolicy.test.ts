import { expect, test } from "@jest/globals";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { deployerPermissions } from "../../../plan/deployerPermissions.ts";
import { createCommands, deployerInput } from "../../../scripts/commands/deployerPolicy.ts";
import { UserError } from "../../../scripts/userError.ts";
import { awsSettings, dockerSettings } from "../../support/plans.ts";

const run = promisify(execFile);
const ACCOUNT = "123456789012";
const vpc = { id: "vpc-0a1b2c3d4e5f60718", subnetIds: ["subnet-0a1b2c3d4e5f60718"] };
const zoneId = "Z0123456789ABCDEF";

test("the policies are about what the stack's settings name", () => {
  const settings = awsSettings({
    aws: { region: "us-gov-west-1", zoneId, vpc: { ...vpc, cidr: "10.0.0.0/16" } },
    turn: { domain: "turn.example.com" },
  });
  expect(deployerInput("prod", ACCOUNT, settings)).toEqual({
    place: { partition: "aws-us-gov", accountId: ACCOUNT, region: "us-gov-west-1" },
    stack: "prod",
    vpc,
    zoneId,
  });
});

test.each([
  ["eu-central-1", "aws"],
  ["us-gov-west-1", "aws-us-gov"],
])("region %s is in partition %s", (region, partition) => {
  const { place } = deployerInput("prod", ACCOUNT, awsSettings({ aws: { region } }));
  expect(place.partition).toBe(partition);
});

test("a shell that runs the commands hands each document over whole", async () => {
  const input = deployerInput("prod", ACCOUNT, awsSettings());
  // Prints its arguments instead of calling AWS.
  const script = `aws() { printf '%s\\n' "$@"; }\n${createCommands(input)}`;
  const { stdout } = await run("sh", ["-c", script]);
  expect(stdout.trim().split("\n")).toEqual(
    Object.entries(deployerPermissions(input)).flatMap(([name, document]) => [
      "iam",
      "create-policy",
      "--policy-name",
      `turnkey-prod-deployer-${name}`,
      "--policy-document",
      JSON.stringify(document),
    ]),
  );
});

test.each<[string, string, string, Parameters<typeof deployerInput>[2]]>([
  ["an account that is none", "prod", "12345", awsSettings()],
  ["a stack in Docker", "dev", ACCOUNT, dockerSettings()],
  ["a stack whose name no bucket may have", "Prod", ACCOUNT, awsSettings()],
])("%s is refused in words", (_case, stack, account, settings) => {
  expect(() => deployerInput(stack, account, settings)).toThrow(UserError);
});

test("the command needs no Pulumi CLI and no AWS", async () => {
  const cli = join(import.meta.dirname, "..", "..", "..", "scripts", "cli.ts");
  const asked = run(process.execPath, [cli, "deployer-policy", "--account", ACCOUNT], { env: {} });
  await expect(asked).rejects.toMatchObject({
    code: 1,
    stderr: "stack dev is not deployed to AWS: its target is docker\n",
  });
});
