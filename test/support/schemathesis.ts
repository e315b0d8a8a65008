/** Schemathesis, which `npm test` readies for the suites that need it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { toolFile } from "../../scripts/setup/pythonTool.ts";
import { schemathesis as tool } from "../../scripts/setup/schemathesis.ts";

/** Cases for each operation in each phase, always the same ones. */
const EXAMPLES = 40;
const SEED = 1;

/** Limits refuse what is wrong as well, before anybody looks at it; Schemathesis does not know 413, 414 and 431. */
const SETTINGS = `[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 405, 413, 414, 415, 429, 431]
`;

/** Tries the API that a description tells of, with all checks; code 0 says that nothing was found. */
export async function schemathesis(
  description: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; output: string }> {
  const program = toolFile(tool);
  if (program === undefined)
    throw new Error("Schemathesis is not here; `npm test` readies it for the suites that need it");
  // It keeps what it found between runs in the folder it runs in.
  const cwd = await mkdtemp(join(tmpdir(), "turnkey-schemathesis-"));
  await writeFile(join(cwd, "schemathesis.toml"), SETTINGS);
  const options = ["--checks=all", `--seed=${SEED}`, `--max-examples=${EXAMPLES}`, "--no-color"];
  const given = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  try {
    const child = spawn(program, ["run", description, ...options, ...given], { cwd });
    const [output, errors] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { code: child.exitCode, output: output + errors };
  } finally {
    await rm(cwd, { recursive: true });
  }
}
