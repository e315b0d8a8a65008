/** The Pulumi CLI and its plugins: there, of our version, official or stand-ins. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pulumiHome } from "../../../machine/folders.ts";
import { isStandIn } from "../../../registry-only/marker.ts";
import { standIns } from "../../../registry-only/standIns.ts";
import { cliFile, installedCli } from "../../setup/pulumiPaths.ts";
import { CommandFailed, runCommand } from "../../setup/runCommand.ts";
import { versions } from "../../setup/versions.ts";
import type { Check, DoctorContext } from "../check.ts";
import { ok, problem, warning, type Finding } from "../finding.ts";

const UP = "npm run up installs it";
const source = {
  official: "official",
  "stand-in": "built here, as downloads do not work",
} as const;

async function cliFinding({ env, signal }: DoctorContext): Promise<Finding> {
  const installed = installedCli(env);
  const file = cliFile(env);
  if (installed === "none")
    return problem(`the Pulumi CLI ${versions.pulumi} is not installed`, UP);
  let version: string;
  try {
    const command = { file, args: ["version"], env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" } };
    version = (await runCommand(command, { report: () => undefined, signal }))
      .trim()
      .replace(/^v/, "");
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const why = error.lines.at(-1) ?? error.code;
    return problem(`the Pulumi CLI does not start: ${why}`, `delete ${file}, then npm run up`);
  }
  if (version !== versions.pulumi)
    return problem(
      `the Pulumi CLI in ${file} is ${version}; wanted is ${versions.pulumi}`,
      `delete ${file}, then npm run up`,
    );
  return ok(`Pulumi CLI ${version}, ${source[installed]}`);
}

interface Plugin {
  readonly label: string;
  readonly state: "missing" | "partial" | "official" | "stand-in";
}

async function plugins({ env }: DoctorContext): Promise<Plugin[]> {
  const all = await standIns(pulumiHome(env), versions.pulumi);
  return Promise.all(
    all.map(async ({ name, folder }): Promise<Plugin> => {
      const file = join(folder, process.platform === "win32" ? `${name}.exe` : name);
      const label = `${name.replace(/^pulumi-(resource|language)-/, "")} ${/-v([\d.]+)$/.exec(folder)?.[1] ?? "host"}`;
      if (existsSync(`${folder}.partial`)) return { label, state: "partial" };
      if (!existsSync(file)) return { label, state: "missing" };
      return { label, state: (await isStandIn(file)) ? "stand-in" : "official" };
    }),
  );
}

function pluginFindings(found: readonly Plugin[], official: boolean): Finding[] {
  const of = (state: Plugin["state"]) =>
    found.filter((it) => it.state === state).map(({ label }) => label);
  const [missing, partial, standingIn] = [of("missing"), of("partial"), of("stand-in")];
  if (missing.length === found.length) return [problem("no plugin of Pulumi is installed", UP)];
  const findings: Finding[] = [];
  if (missing.length > 0)
    findings.push(problem(`plugins are not installed: ${missing.join(", ")}`, UP));
  if (partial.length > 0)
    findings.push(problem(`the download of plugins was cut short: ${partial.join(", ")}`, UP));
  if (official && standingIn.length > 0)
    findings.push(
      warning(
        `stand-ins lie in place of official plugins: ${standingIn.join(", ")}`,
        "npm run up removes them",
      ),
    );
  if (findings.length > 0) return findings;
  const told = found.map(({ label, state }) =>
    state === "stand-in" ? `${label} (stand-in)` : label,
  );
  return [ok(`plugins ${told.join(", ")}`)];
}

export const cli: Check = {
  async run(context) {
    const official = installedCli(context.env) === "official";
    const [itself, found] = await Promise.all([cliFinding(context), plugins(context)]);
    return [itself, ...pluginFindings(found, official)];
  },
};
