import type { StackOutputs } from "../../turn/outputs.ts";
import { npmRun } from "../npmRun.ts";
import { columns } from "./columns.ts";

export interface NextSteps {
  readonly stack: string;
  readonly outputs: StackOutputs;
  /** Whether a bare `npx pulumi` needs the exports of `npm run env`. */
  readonly ownBackend: boolean;
}

/** What one needs next, ready to be copied. */
export function nextSteps({ stack, outputs, ownBackend }: NextSteps): string {
  const token = npmRun("-s token", stack, "--user alice");
  return columns([
    ["API", outputs.apiUrl],
    ["LiveKit", outputs.livekitUrl],
    ["ICE URLs", outputs.iceUrls.join("\n")],
    [],
    ["a user's token", token],
    [
      "try it",
      `curl -H "Authorization: Bearer $(${token})" ${outputs.apiUrl}/api/livekit/ice-config`,
    ],
    ["everything else", npmRun("outputs", stack)],
    ["logs", npmRun("logs", stack, "--follow")],
    ["prove it again", npmRun("verify", stack)],
    [
      "plain Pulumi",
      `${ownBackend ? 'eval "$(npm run -s env)" && ' : ""}npx pulumi preview --stack ${stack}`,
    ],
    ["take it down", npmRun("down", stack)],
  ]);
}
