/** `npm run verify` where clients of the rig's are. */
import * as z from "zod";
import type { Rig } from "./rig.ts";
import { endOf } from "./runIn.ts";

/** What of `--json` is looked at. */
const Report = z.object({
  ok: z.boolean(),
  legs: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      result: z.enum(["ok", "failed", "n/a"]),
      cause: z.string().optional(),
      na: z.string().optional(),
    }),
  ),
});
export type VerifyReport = z.infer<typeof Report>;
export type VerifiedLeg = VerifyReport["legs"][number];

/** Runs it in the client's namespace, with the stack's outputs and a CA as a user has one whose CA is private. */
export async function verifyIn(
  rig: Pick<Rig, "internet" | "deployed" | "trusted">,
): Promise<VerifyReport> {
  const outputs = { ...rig.deployed.outputs, caCertificate: await rig.trusted() };
  const { code, printed, errors } = await endOf(rig.internet.client, "verifyMain.ts", outputs);
  try {
    const report = Report.parse(JSON.parse(printed));
    if (report.ok === (code === 0)) return report;
  } catch {
    // told below
  }
  throw new Error(`verify ended with ${code}: ${errors}${printed}`);
}
