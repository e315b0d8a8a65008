import { randomUUID } from "node:crypto";
import { appendFile, mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { types } from "node:util";
import { readIfThere } from "../../machine/readIfThere.ts";
import type { Recorded } from "./recorded.ts";

/**
 * A cloud that is a folder: `cloud/` holds a file for each resource, `log.jsonl` a line for each call,
 * `addresses/` what was ever given out. Files are for their owner alone: they hold secrets in plain.
 */
export interface Cloud {
  all(): Promise<readonly Recorded[]>;
  find(token: string, id: string): Recorded | undefined;
  /** Writes a resource whole, over what had its token and id. */
  put(resource: Recorded): Promise<void>;
  /** Does nothing when it is gone already, as AWS's provider. */
  remove(token: string, id: string): Promise<void>;
  log(line: object): Promise<void>;
  logged(): readonly { readonly fault?: number }[];
  /** The lowest `127.<network>.x.y` from `.0.1` up that was never given out, also by another process. */
  address(network: number): Promise<string>;
  /** A JSON file in the folder that a test wrote; undefined when there is none. */
  given(file: string): unknown;
}

const ownerOnly = { mode: 0o600 };

/** The recorded cloud in a folder, which is made when something is first kept there. */
export function openCloud(folder: string): Cloud {
  const resources = join(folder, "cloud");
  const fileOf = (token: string, id: string) =>
    join(resources, `${encodeURIComponent(token)}=${encodeURIComponent(id)}.json`);

  return {
    all: async () => {
      const names = await namesIn(resources);
      const files = names.filter((name) => name.endsWith(".json"));
      return files.map((name) => read(join(resources, name))).filter((it) => it !== undefined);
    },
    find: (token, id) => read(fileOf(token, id)),
    put: async (resource) => {
      await mkdir(resources, { recursive: true, mode: 0o700 });
      const unfinished = join(resources, `${randomUUID()}.tmp`);
      await writeFile(unfinished, JSON.stringify(resource, undefined, 2), ownerOnly);
      await rename(unfinished, fileOf(resource.token, resource.id));
    },
    remove: (token, id) => rm(fileOf(token, id), { force: true }),
    log: async (line) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await appendFile(join(folder, "log.jsonl"), `${JSON.stringify(line)}\n`, ownerOnly);
    },
    logged: () =>
      (readIfThere(join(folder, "log.jsonl")) ?? "")
        .split("\n")
        .filter((line) => line !== "")
        .map((line): { fault?: number } => JSON.parse(line)),
    address: async (network) => {
      const addresses = join(folder, "addresses");
      await mkdir(addresses, { recursive: true, mode: 0o700 });
      for (let number = 1; number < 2 ** 16; number++) {
        const address = `127.${network}.${number >> 8}.${number & 255}`;
        // oxlint-disable-next-line no-await-in-loop -- the next one is tried only when this one is taken
        if (await claim(join(addresses, address))) return address;
      }
      throw new Error(`every address of 127.${network}.0.0/16 was given out; empty ${addresses}`);
    },
    given: (file) => {
      const path = join(folder, file);
      const text = readIfThere(path);
      try {
        return text === undefined ? undefined : JSON.parse(text);
      } catch (error) {
        throw new Error(`${path} is no JSON`, { cause: error });
      }
    },
  };
}

// A file that is there is whole: it was renamed into place.
function read(path: string): Recorded | undefined {
  const text = readIfThere(path);
  return text === undefined ? undefined : JSON.parse(text);
}

async function claim(path: string): Promise<boolean> {
  try {
    await (await open(path, "wx", 0o600)).close();
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

const codeOf = (error: unknown) =>
  types.isNativeError(error) && "code" in error ? error.code : undefined;
