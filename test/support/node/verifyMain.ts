/** `npm run verify`, as for a stack whose outputs come on standard input: prints the report as JSON, and ends with 1 when a leg failed. */
import { json } from "node:stream/consumers";
import { proveTarget } from "../../../scripts/commands/prove.ts";
import { StackOutputs } from "../../../turn/outputs.ts";
import { stackTarget } from "../../../verify/target.ts";

process.exitCode = await proveTarget(stackTarget(StackOutputs.parse(await json(process.stdin))), {
  json: true,
});
