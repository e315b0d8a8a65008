/** Waits as an update's hook does for what comes on standard input, and prints how it went. */
import * as pulumi from "@pulumi/pulumi";
import { json } from "node:stream/consumers";
import { types } from "node:util";
import { documentIsApplied } from "../../../components/aws/appliedHook.ts";
import { type AppliedReport, AppliedTask } from "./applied.ts";

const { instanceId, address, httpsPort, documentVersion, seconds } = AppliedTask.parse(
  await json(process.stdin),
);
const told: string[] = [];
const error = await documentIsApplied({
  instanceId: pulumi.output(instanceId),
  address: pulumi.output(address),
  httpsPort,
  documentVersion: pulumi.output(documentVersion),
  patience: { seconds },
  tell: async (line) => void told.push(line),
}).then(
  () => undefined,
  (problem: unknown) => (types.isNativeError(problem) ? problem.message : String(problem)),
);
const report: AppliedReport = {
  told,
  ...(error === undefined ? {} : { error }),
};
process.stdout.write(JSON.stringify(report));
