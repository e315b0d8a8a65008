/** The program of `openRoom.ts`. */
import { tryWebSocket } from "../../../verify/webSocket.ts";
import { OpenRoomTask } from "./openRoom.ts";

const LIMIT_MS = 10_000;

const { url, ca } = OpenRoomTask.parse(JSON.parse(process.argv[2] ?? ""));
await tryWebSocket(url, { ca, signal: AbortSignal.timeout(LIMIT_MS) });
