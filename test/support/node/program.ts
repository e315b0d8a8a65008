/** Programs that run in a network namespace until the rig is undone. */
import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inNamespace } from "../networkTools.ts";
import { asRoot } from "./asRoot.ts";
import { soon } from "./soon.ts";

export interface ProgramStart {
  readonly namespace: string;
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where its log goes, under its name. */
  readonly folder: string;
  /** It is up once it listens there. */
  readonly listens: { readonly protocol: "tcp" | "udp"; readonly at: string };
}

const LIMIT_MS = 60_000;

/** Starts it and waits until it listens. Throws what it said when it ends, or takes too long. */
export async function startProgram(start: ProgramStart): Promise<void> {
  const { namespace, name, command, environment = {}, folder, listens } = start;
  const file = join(folder, `${name}.log`);
  const log = openSync(file, "a");
  const variables = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
  const enter = ["ip", "netns", "exec", namespace, "env", ...variables];
  const [first = "ip", ...rest] = asRoot(...enter, ...command);
  // Its namespace's end is its own: what makes the namespace notes that.
  const child = spawn(first, rest, { stdio: ["ignore", log, log], detached: true });
  child.unref();
  const [host, port] = listens.at.split(":");
  const sockets = [
    "ss",
    "-Hln",
    `--${listens.protocol}`,
    "src",
    host ?? "",
    "sport",
    "=",
    port ?? "",
  ];
  await soon(
    async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended: ${readFileSync(file, "utf8")}`);
      return (await inNamespace(namespace, ...sockets)).includes(listens.at);
    },
    {
      withinMs: LIMIT_MS,
      otherwise: () => `${name} does not listen: ${readFileSync(file, "utf8")}`,
    },
  );
}
