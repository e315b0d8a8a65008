import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { LOOPBACK } from "../turn/ports.ts";
import { fetchRoomToken } from "./api.ts";
import { promised } from "./deadline.ts";
import { LegFailure, notApplicable } from "./findings.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";
import { hasNetwork } from "./networkHere.ts";
import { RoomResult, type RoomTask } from "./roomTask.ts";
import type { Signalling } from "./signalling.ts";
import { trustedCas } from "./trust.ts";

const LIMIT_MS = 8_000;

/**
 * Gets two room tokens as an app does, joins the room twice with relay forced, and passes data both
 * ways.
 */
export async function roomLeg(
  context: Context,
  token: string,
  { label, url }: Signalling,
): Promise<Leg> {
  const plan = { name: "room over the relay", url: label, limitMs: LIMIT_MS };
  const { stack, caCertificate } = context.target;
  const { leg } = await tryLeg(context, plan, async (signal) => {
    if (stack?.network === "bridge" && stack.nodeAddress !== LOOPBACK)
      notApplicable(
        "on a bridge Docker rewrites the source of what LiveKit sends to its own relays, so that no permission fits",
      );
    if (!hasNetwork(networkInterfaces()))
      notApplicable(
        "this machine has no network but loopback, over which WebRTC clients find no path: connect it to any",
      );
    await url;
    const problem = "nothing answers at its signalling address";
    if (!(await context.livekitRuns))
      throw new LegFailure({ kind: "room", step: "joining the room", problem });
    const tag = `turnkey-verify-${context.runId}`;
    const [first, second] = await Promise.all([
      fetchRoomToken(context, signal, { token, body: { room_name: tag } }),
      fetchRoomToken(context, signal, {
        token,
        body: { room_name: tag, participant_identity: "peer" },
      }),
    ]);
    const result = await joinTwice(
      {
        serverUrl: first.server_url,
        tokens: [first.participant_token, second.participant_token],
        tag,
      },
      { ca: caCertificate, signal },
    );
    if (!result.ok) throw new LegFailure({ kind: "room", ...result });
    const direct = result.paths.find((path) => !path.startsWith("turn"));
    if (direct !== undefined) throw new LegFailure({ kind: "room-path", path: direct });
  });
  return leg;
}

interface JoinOptions {
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
}

/** Joins with a file of the CAs trusted, which is all that rtc-node's native part reads. */
async function joinTwice(task: RoomTask, { ca, signal }: JoinOptions): Promise<RoomResult> {
  if (!ca || !task.serverUrl.startsWith("wss:")) return runClient(task, process.env, signal);
  const folder = await mkdtemp(join(tmpdir(), "turnkey-verify-"));
  try {
    const file = join(folder, "trusted.pem");
    await writeFile(file, trustedCas(ca).join("\n"));
    return await runClient(task, { ...process.env, SSL_CERT_FILE: file }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets a process of its own do it, and ends that process with the signal. */
async function runClient(
  task: RoomTask,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<RoomResult> {
  const script = fileURLToPath(new URL("./roomClient.ts", import.meta.url));
  const child = fork(script, { execArgv: [], env, stdio: ["ignore", "ignore", "pipe", "ipc"] });
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
