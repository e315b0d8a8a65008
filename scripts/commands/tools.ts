/** Runs the tools among our dependencies. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { project } from "../pulumi/project.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A tool's file in node_modules: started with this Node, as the wrappers in .bin differ by platform. */
const files = {
  jest: "jest/bin/jest.js",
  oxlint: "oxlint/bin/oxlint",
  prettier: "prettier/bin/prettier.cjs",
  tsc: "typescript/bin/tsc",
} as const;

/** Runs a tool in the project's folder, on our terminal, and gives its exit code. */
export async function runTool(
  tool: keyof typeof files,
  args: readonly string[],
  env: Environment = process.env,
): Promise<number> {
  const file = join(project, "node_modules", files[tool]);
  const child = spawn(process.execPath, [file, ...args], { cwd: project, env, stdio: "inherit" });
  const [code] = await once(child, "close");
  return typeof code === "number" ? code : 1;
}
