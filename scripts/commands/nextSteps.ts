import type { StackOutputs } from "../../turn/outputs.ts";
import { npmRun } from "../npmRun.ts";
import { columns } from "./columns.ts";

export interface NextSteps {
  readonly stack: string;
  readonly outputs: StackOutputs;
  /** Whether a bare `npx pulumi` needs the exports of `npm run env`. */
  readonly ownBackend: boolean;
  /** The file of the CA that the stack's HTTPS leads to, where nothing trusts it by itself. */
  readonly caFile?: string | undefined;
}

/** What one needs next, ready to be copied. */
export function nextSteps({ stack, outputs, ownBackend, caFile }: NextSteps): string {
  const token = npmRun("-s token", stack, "--user alice");
  const isTold = outputs.apiUrl.startsWith("https:") && caFile !== undefined;
  const trust = isTold ? `--cacert ${caFile} ` : "";
  return columns([
    ["API", outputs.apiUrl],
    ["LiveKit", outputs.livekitUrl],
    ["ICE URLs", outputs.iceUrls.join("\n")],
    [],
    ...(outputs.demoUrl === undefined ? [] : [["a call to try", outputs.demoUrl]]),
    ...(outputs.diagnosticsUrl === undefined ? [] : [["diagnostics", outputs.diagnosticsUrl]]),
    // Only a shared secret lets us sign a token for a user.
    ...(outputs.apiJwtSecret === undefined
      ? []
      : [
          ["a user's token", token],
          [
            "try it",
            `curl ${trust}-H "Authorization: Bearer $(${token})" ${outputs.apiUrl}/api/livekit/ice-config`,
          ],
        ]),
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
