/** The process of `roomMember.ts`. */
import { createInterface } from "node:readline";
import { DisconnectReason, Room, RoomEvent } from "@livekit/rtc-node";
import { JoinTask, NEWS } from "./roomMember.ts";

const tell = (news: object) => console.log(`${NEWS}${JSON.stringify(news)}`);

const room = new Room();
room.on(RoomEvent.Disconnected, (reason) => tell({ left: DisconnectReason[reason] }));

async function join(line: string): Promise<void> {
  const { url, token } = JoinTask.parse(JSON.parse(line));
  try {
    await room.connect(url, token, { autoSubscribe: true, dynacast: false });
    tell({ joined: true });
  } catch (error) {
    tell({ left: String(error) });
  }
}

const input = createInterface(process.stdin);
input.once("line", (line) => void join(line));
input.once("close", () => void room.disconnect().finally(() => process.exit()));
