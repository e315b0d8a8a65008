/** The process of `roomMember.ts`. */
import { DisconnectReason, Room, RoomEvent } from "@livekit/rtc-node";
import { JoinTask } from "./roomMember.ts";

const tell = (news: object) => void process.send?.(news);

async function join(message: unknown): Promise<void> {
  const { url, token } = JoinTask.parse(message);
  const room = new Room();
  room.on(RoomEvent.Disconnected, (reason) => tell({ left: DisconnectReason[reason] }));
  try {
    await room.connect(url, token, { autoSubscribe: true, dynacast: false });
    tell({ joined: true });
  } catch (error) {
    tell({ left: String(error) });
  }
}

process.once("disconnect", () => process.exit());
process.once("message", (message) => void join(message));
