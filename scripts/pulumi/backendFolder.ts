/** Where on this machine a backend keeps its files. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import * as z from "zod";
import type { Backend } from "./backend.ts";

/** A stack, as far as it takes to find its files. */
export interface FilePlace {
  readonly backend: Backend;
  /** The folder that holds Pulumi.yaml. */
  readonly project: string;
  readonly stack: string;
  /** Tells the folder of a file backend that the user chose. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The folder of a file backend; undefined for other backends. */
export function backendFolder({ backend, env }: Pick<FilePlace, "backend" | "env">) {
  if (backend.owner === "turnkey") return backend.folder;
  const url = env["PULUMI_BACKEND_URL"];
  return url?.startsWith("file:///") ? fileURLToPath(url) : undefined;
}

const Project = z.object({ name: z.string() });

/** The name that Pulumi.yaml in that folder gives the project. */
export const projectName = (project: string): string =>
  Project.parse(parse(readFileSync(join(project, "Pulumi.yaml"), "utf8"))).name;
