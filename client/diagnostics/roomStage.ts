import { ConnectionError, ConnectionErrorReason } from "livekit-client";

/**
 * The stage at which joining a room failed: "asking to be let in" when LiveKit itself said no, else
 * "connecting" once it had answered, "signalling" before.
 */
export function roomStage(error: unknown, signalled: boolean): string {
  if (error instanceof ConnectionError && error.reason === ConnectionErrorReason.NotAllowed)
    return "asking to be let in";
  return signalled ? "connecting" : "signalling";
}
