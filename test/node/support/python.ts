/** The node's Python as a library: what its parts answer. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export const NODE_FOLDER = join(import.meta.dirname, "..", "..", "..", "node");

/** Without files of compiled code beside the sources. */
export const PYTHON_ENVIRONMENT = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };

/** The text of a file of the node's. */
export const nodeText = (name: string): string => readFileSync(join(NODE_FOLDER, name), "utf8");

const program = (modules: string, expression: string) => [
  "-c",
  [
    "import json, sys",
    `sys.path.insert(0, ${JSON.stringify(NODE_FOLDER)})`,
    `import ${modules}`,
    "given = json.load(sys.stdin)",
    `print(json.dumps(${expression}))`,
  ].join("\n"),
];

function answer(status: number | null, printed: string, told: string): unknown {
  if (status !== 0) throw new Error(told.trim().split("\n").at(-1));
  return JSON.parse(printed);
}

/** What a Python expression comes to, as JSON; `given` is what the test gives it. Throws Python's last line. */
export function python(modules: string, expression: string, given: unknown = null): unknown {
  const { status, stdout, stderr } = spawnSync("python3", program(modules, expression), {
    input: JSON.stringify(given),
    env: PYTHON_ENVIRONMENT,
    encoding: "utf8",
  });
  return answer(status, stdout, stderr);
}

/** The same while this process goes on, for what asks a server of the test's own. */
export async function pythonBeside(
  modules: string,
  expression: string,
  given: unknown = null,
): Promise<unknown> {
  const child = spawn("python3", program(modules, expression), { env: PYTHON_ENVIRONMENT });
  child.stdin.end(JSON.stringify(given));
  const [printed, told] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const status =
    child.exitCode ?? (await new Promise<number | null>((done) => child.once("exit", done)));
  return answer(status, printed, told);
}
