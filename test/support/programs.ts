/** The program, but for bundling, against the fake engine: what each of our stacks registers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declareStack } from "../../components/declareStack.ts";
import { awsCloud } from "./awsCloud.ts";
import { serveInfo } from "./dockerInfo.ts";
import { deploy } from "./engine.ts";
import { awsValues } from "./plans.ts";

/** Values as Pulumi keeps them: what is no text is JSON. */
const stackConfig = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(values).map(([key, it]) => [
      `turnkey:${key}`,
      typeof it === "string" ? it : JSON.stringify(it),
    ]),
  );

/** Stand for what esbuild makes, which takes seconds and is no matter here. */
const bundle = (name: string) => ({ path: `.turnkey/${name}`, sha256: `sha256 of ${name}` });
const bundles = Promise.resolve({
  api: bundle("api.mjs"),
  demoPage: bundle("demo-page.json"),
  diagnosticsPage: bundle("diagnostics-page.json"),
});

/** A production stack with `values` over what it must have; `encrypted` are the keys that Pulumi has encrypted. */
export function deployProd(
  values: Readonly<Record<string, unknown>> = {},
  encrypted: readonly string[] = ["turnkey:api"],
  stack = "prod",
) {
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(encrypted);
  return deploy(() => declareStack(bundles), {
    stack,
    config: stackConfig({ ...awsValues, ...values }),
    cloud: awsCloud,
  });
}

/** The dev stack on a native engine, with `values` set. */
export async function deployDev(values: Readonly<Record<string, unknown>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-program-"));
  const before = { ...process.env };
  await using engine = await serveInfo({ OperatingSystem: "Debian GNU/Linux 12 (bookworm)" });
  Object.assign(process.env, {
    DOCKER_HOST: engine.url,
    XDG_DATA_HOME: folder,
    XDG_CACHE_HOME: folder,
  });
  try {
    return await deploy(() => declareStack(bundles), {
      stack: "dev",
      config: stackConfig({ target: "docker", ...values }),
    });
  } finally {
    process.env = before;
    rmSync(folder, { recursive: true });
  }
}
