/** An API whose clock is wrong, on a node whose clock is right. */
import type { NodeDocument } from "../../../plan/nodeDocument.ts";
import { containerOf, onNode } from "./faults.ts";
import type { Rig } from "./rig.ts";

const FOLDER = "/etc/turnkey-clock";
const FILE = `${FOLDER}/clock.mjs`;

/** How far the clock is off, in seconds, in the order in which signals set it; after the last one it is right again. */
export const OFF_SECONDS = [300, -300] as const;

/**
 * Runs before the API in its process. A program in JavaScript sees the time of day by `Date` alone; timers and limits
 * go by the monotonic clock, which no wrong time of day moves. The API ends by most signals, and not by this one.
 */
const PROGRAM = `
const Right = Date;
const steps = ${JSON.stringify([...OFF_SECONDS, 0])};
let off = 0;
process.on("SIGWINCH", () => { off = steps.shift() * 1000; });
const now = () => Right.now() + off;
globalThis.Date = new Proxy(Right, {
  construct: (target, given, self) => Reflect.construct(target, given.length > 0 ? given : [now()], self),
  get: (target, key) => (key === "now" ? now : target[key]),
});
`;

/** The document with that program in the API's process; until it gets a signal the clock is right. */
export const withClockToSet = (document: NodeDocument): NodeDocument => ({
  ...document,
  services: document.services.map((it) =>
    it.name === "api"
      ? {
          ...it,
          environment: { ...it.environment, NODE_OPTIONS: `--import=${FILE}` },
          folders: [
            ...it.folders,
            { path: FOLDER, live: false, files: [{ path: FILE, mode: "0444", text: PROGRAM }] },
          ],
        }
      : it,
  ),
});

/** Sets the API's clock to the next of the offsets. */
export const setClock = (rig: Rig): Promise<string> =>
  onNode(rig, `docker kill --signal WINCH ${containerOf(rig, "api")}`);
