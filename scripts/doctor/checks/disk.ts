/** Free space where images, state and builds are stored. */
import { accessSync, constants, existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { cacheFolder, dataFolder } from "../../../machine/folders.ts";
import { look } from "../../../machine/look.ts";
import { findProgram } from "../../setup/privilege.ts";
import type { Check, DoctorContext } from "../check.ts";
import { ok, problem, unknown, warning, type Finding } from "../finding.ts";

const MIB = 2 ** 20;

/** What is stored somewhere, and how much of it must fit. */
export interface Store {
  readonly what: string;
  readonly path: string;
  /** MiB below which the next update fails. */
  readonly need: number;
  /** MiB below which it gets tight. */
  readonly comfort: number;
  readonly mend: string;
}

/** The state of a stack is some 100 KiB, written anew at every step; the write that fails breaks off an update. */
const STATE = { need: 16, comfort: 128 };
/** A bundle of 2 MiB is written at every update; the dependencies take 700 MiB, and once more while they are renewed. */
const CHECKOUT = { need: 16, comfort: 800 };
/** Builds of the CLI and of LiveKit: 300 MiB kept, 3 GiB while Go builds; but most machines build nothing. */
const CACHE = { need: 16, comfort: 256 };
/** The images are 200 to 350 MiB; each container's logs grow to 30 MiB. */
const IMAGES = { need: 256, comfort: 1024 };

/** The nearest folder above that is there: the store itself may be made only later. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}

const size = (mib: number) =>
  mib >= 1024 ? `${(mib / 1024).toFixed(1)} GiB` : `${Math.floor(mib)} MiB`;

/** Space and inodes for this user, and whether he may write there at all. */
export async function storeFinding({ what, path, need, comfort, mend }: Store): Promise<Finding> {
  const folder = existing(path);
  const { bavail, bsize, files, ffree } = await statfs(folder);
  const free = (bavail * bsize) / MIB;
  const left = `${size(free)} free for ${what} in ${folder}`;
  if (files > 0 && ffree === 0)
    return problem(
      `no file can be made any more for ${what} in ${folder}: all inodes are used`,
      mend,
    );
  if (free < need) return problem(`only ${left}; ${need} MiB are needed`, mend);
  if (free < comfort) return warning(`only ${left}; it gets tight below ${comfort} MiB`, mend);
  return ok(left);
}

/** Whether this user may write there. */
export function writableFinding({ what, path }: Store): Finding[] {
  const folder = existing(path);
  try {
    accessSync(folder, constants.W_OK);
    return [];
  } catch {
    const own = findProgram("sudo") ? "sudo chown" : "as root: chown";
    return [
      problem(`${folder}, for ${what}, is not yours to write to`, `${own} -R "$USER" ${folder}`),
    ];
  }
}

/** Where the engine keeps images: told only of an engine on this machine itself. */
async function engineStore(context: DoctorContext): Promise<Finding> {
  const engine = await context.engine();
  const path = look(await engine.json("GET", "/info")).text("DockerRootDir");
  if (!engine.endpoint.url.startsWith("unix://") || path === "" || !existsSync(path))
    return unknown(
      "the engine's disk is not this machine's own",
      "docker system df tells what it holds",
    );
  const mend = "docker system prune removes what no container uses (it lists it first)";
  return storeFinding({ what: "images and logs", path, ...IMAGES, mend });
}

export const disk: Check = {
  async run(context) {
    const { env, project } = context;
    const mend = "free some space there (df -h)";
    const own: Store[] = [
      { what: "state", path: dataFolder(env), ...STATE, mend },
      {
        what: "builds and logs",
        path: cacheFolder(env),
        ...CACHE,
        mend: `${mend}; npm run clean removes builds`,
      },
      { what: "the checkout", path: project, ...CHECKOUT, mend },
    ];
    const images = engineStore(context).catch(() =>
      unknown("the engine's disk: needs the Docker Engine"),
    );
    return [
      ...own.flatMap(writableFinding),
      ...(await Promise.all([...own.map(storeFinding), images])),
    ];
  },
};
