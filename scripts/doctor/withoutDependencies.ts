/**
 * The entry of `npm run doctor` where the dependencies are missing or not those of the lock:
 * commander, which `cli.ts` reads its options with, is one of them.
 */
import { parseArgs } from "node:util";
import { doctor } from "../commands/doctor.ts";
import { DEFAULT_STACK } from "../npmRun.ts";

const { values } = parseArgs({
  options: {
    stack: { type: "string", default: DEFAULT_STACK },
    json: { type: "boolean", default: false },
  },
});

process.exitCode = await doctor(values);
