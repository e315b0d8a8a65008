import { expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings, stackValues } from "../../../config.ts";
import { stackConfig } from "../../../scripts/doctor/stackConfig.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

test("the settings of a stack are read without the CLI: its own, the project's defaults, no secret opened", () => {
  const folder = mkdtempSync(join(tmpdir(), "doctor-config-"));
  try {
    writeFileSync(
      join(folder, "Pulumi.yaml"),
      "name: turnkey\nruntime: nodejs\nconfig:\n  target: { type: string, default: docker }\n  api: { type: object, default: {} }\n",
    );
    writeFileSync(
      join(folder, "Pulumi.x.yaml"),
      "config:\n  turnkey:api:\n    port: 7777\n    signIn: { kind: jwt, secret: { secure: v1:abc } }\n    iceSources: [{ kind: cloudflare, keyId: id, apiToken: { secure: v1:abc } }]\n  other:key: 1\n",
    );
    const config = stackConfig(folder, "x");
    expect(config["turnkey:target"]).toBe("docker");
    expect(config["turnkey:api"]).not.toContain("v1:abc");
    expect(parseSettings(stackValues(config))).toMatchObject({
      target: "docker",
      api: { port: 7_777 },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a stack without a file is an error that names those that have one", () => {
  expect(() => stackConfig(ROOT, "nowhere")).toThrow(/there is no Pulumi\.nowhere\.yaml/);
});
