/** Parliament, which `npm test` readies for the suites that need it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { parliament as tool } from "../../scripts/setup/parliament.ts";
import { toolFile } from "../../scripts/setup/pythonTool.ts";

/** Reads documents by name, with what else its community looks for; prints what is found, as JSON. */
const SCRIPT = `
import json, os, sys, parliament
community = os.path.join(os.path.dirname(parliament.__file__), "community_auditors")
parliament.override_config(os.path.join(community, "config_override.yaml"))
found = []
for name, document in json.load(sys.stdin).items():
    policy = parliament.analyze_policy_string(
        json.dumps(document), name, include_community_auditors=True, config=parliament.config)
    for it in policy.findings:
        it = parliament.enhance_finding(it)
        found.append({"document": name, "issue": it.issue, "severity": it.severity,
                      "about": str(it.detail or it.location.get("actions") or it.location.get("string") or "")})
json.dump(found, sys.stdout)
`;

const Found = z.array(
  z.strictObject({
    document: z.string(),
    issue: z.string(),
    severity: z.enum(["MUTE", "INFO", "LOW", "MEDIUM", "HIGH", "CRITICAL"]),
    about: z.string(),
  }),
);
export type Found = z.infer<typeof Found>;

/** What Parliament finds in these documents, of whatever severity. */
export async function lint(documents: Readonly<Record<string, unknown>>): Promise<Found> {
  const python = toolFile(tool);
  if (python === undefined)
    throw new Error("Parliament is not here; `npm test` readies it for the suites that need it");
  const child = spawn(python, ["-W", "ignore", "-c", SCRIPT]);
  child.stdin.end(JSON.stringify(documents));
  const [output, errors] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (child.exitCode !== 0) throw new Error(`Parliament failed:\n${errors}`);
  return Found.parse(JSON.parse(output));
}
