import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { RoomTokenResponse } from "../turn/roomToken.ts";
import { callApi } from "./api.ts";
import { promised } from "./deadline.ts";
import { LegFailure } from "./findings.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";
import { RoomResult, type RoomTask } from "./roomTask.ts";

const LIMIT_MS = 8_000;

/**
 * Gets two room tokens as an app does, joins the room twice with relay forced, and passes data both
 * ways.
 */
export async function roomLeg(context: Context, token: string): Promise<Leg> {
  const plan = { name: "room over the relay", url: context.target.livekitUrl, limitMs: LIMIT_MS };
  const { leg } = await tryLeg(context, plan, async (signal) => {
    const problem = "nothing answers at its signalling address";
    if (!(await context.livekitRuns))
      throw new LegFailure({ kind: "room", step: "joining the room", problem });
    const tag = `turnkey-verify-${context.runId}`;
    const [first, second] = await Promise.all([
      roomToken(context, signal, token, { room_name: tag }),
      roomToken(context, signal, token, { room_name: tag, participant_identity: "peer" }),
    ]);
    const result = await joinTwice(
      {
        serverUrl: first.server_url,
        tokens: [first.participant_token, second.participant_token],
        tag,
      },
      signal,
    );
    if (!result.ok) throw new LegFailure({ kind: "room", ...result });
    const direct = result.paths.find((path) => !path.startsWith("turn"));
    if (direct !== undefined) throw new LegFailure({ kind: "room-path", path: direct });
  });
  return leg;
}

const roomToken = (context: Context, signal: AbortSignal, token: string, body: object) =>
  callApi(context, signal, {
    path: "/api/livekit/token",
    status: 201,
    schema: RoomTokenResponse,
    token,
    body,
  });

/** Lets a process of its own do it, and ends that process with the signal. */
async function joinTwice(task: RoomTask, signal: AbortSignal): Promise<RoomResult> {
  const script = fileURLToPath(new URL("./roomClient.ts", import.meta.url));
  const child = fork(script, { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, name) =>
      resolve(`${name ?? `exit code ${code}`} ${lastLine(errors)}`),
    );
  });
  try {
    return await promised<RoomResult>(signal, (resolve, reject) => {
      child.once("message", (message) => resolve(RoomResult.parse(message)));
      void exited.then((problem) =>
        reject(new LegFailure({ kind: "room", step: "the room client", problem })),
      );
      child.send(task);
    });
  } finally {
    child.kill("SIGKILL"); // it has left the room, or would not
    await exited;
  }
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
