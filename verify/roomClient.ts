/**
 * The process that joins a LiveKit room for verify. A process of its own, since rtc-node's native
 * part cannot be told to stop joining, and logs to standard output, where `verify --json` prints
 * its answer.
 */
import {
  ContinualGatheringPolicy,
  dispose,
  IceTransportType,
  Room,
  RoomEvent,
} from "@livekit/rtc-node";
import { setTimeout as delay } from "node:timers/promises";
import { isComplete, makePackets, tally } from "./packets.ts";
import { type RoomResult, RoomTask } from "./roomTask.ts";

const COUNT = 10;
const HELLO_MS = 50;
const SETTLE_MS = 3_000;
const LIMIT_MS = 6_000;
const LEAVE_MS = 1_000;

const HELLO = "hello";
const PACKET = "packet";

/** One participant: what it heard from the other so far. */
interface Participant {
  readonly room: Room;
  readonly packets: Buffer[];
  greeted: boolean;
}

// No ICE servers of our own: LiveKit names its relay to its clients when they join.
const RTC = {
  iceTransportType: IceTransportType.TRANSPORT_RELAY,
  continualGatheringPolicy: ContinualGatheringPolicy.GATHER_ONCE,
  iceServers: [],
};

async function join(serverUrl: string, token: string): Promise<Participant> {
  const room = new Room();
  const participant: Participant = { room, packets: [], greeted: false };
  room.on(RoomEvent.DataReceived, (data, _from, _kind, topic) => {
    if (topic === HELLO) participant.greeted = true;
    if (topic === PACKET) participant.packets.push(Buffer.from(data));
  });
  await room.connect(serverUrl, token, { autoSubscribe: true, dynacast: false, rtcConfig: RTC });
  return participant;
}

async function send({ room }: Participant, data: Uint8Array, topic: string): Promise<void> {
  await room.localParticipant?.publishData(data, { reliable: true, topic });
}

async function until(done: () => boolean, meanwhile: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  while (!done() && performance.now() < end) {
    await meanwhile();
    await delay(HELLO_MS);
  }
}

/** The TURN URL that a participant's selected candidate pair goes through. */
async function pathOf({ room }: Participant): Promise<string> {
  const { publisherStats } = await room.getRtcStats();
  const stats = publisherStats.map((it) => it.stats);
  const pairId = stats.flatMap((it) =>
    it.case === "transport" ? [it.value.transport?.selectedCandidatePairId] : [],
  )[0];
  const candidateId = stats.flatMap((it) =>
    it.case === "candidatePair" && it.value.rtc?.id === pairId
      ? [it.value.candidatePair?.localCandidateId]
      : [],
  )[0];
  const urls = stats.flatMap((it) =>
    it.case === "localCandidate" && it.value.rtc?.id === candidateId
      ? [it.value.candidate?.url]
      : [],
  );
  return urls[0] || "direct";
}

/** What `run` is at, and whom it has brought into the room so far. */
interface Progress {
  step: string;
  participants: Participant[];
}

async function run({ serverUrl, tokens, tag }: RoomTask, progress: Progress): Promise<string[]> {
  const [a, b] = await Promise.all([join(serverUrl, tokens[0]), join(serverUrl, tokens[1])]);
  const participants = [a, b];
  progress.participants = participants;

  progress.step = "opening the data channels";
  const greeted = () => a.greeted && b.greeted;
  const hello = Buffer.from(tag);
  await until(greeted, () => Promise.all(participants.map((it) => send(it, hello, HELLO))));
  if (!greeted()) throw new Error(`no data came through within ${SETTLE_MS / 1000} s`);

  progress.step = "passing data";
  for (const [from, to, direction] of [
    [a, b, "there"],
    [b, a, "back"],
  ] as const) {
    const packets = makePackets(`${tag}:${direction}`, COUNT);
    for (const packet of packets) await send(from, packet, PACKET);
    await until(
      () => to.packets.length >= COUNT,
      async () => undefined,
    );
    const result = tally(packets, to.packets);
    if (!isComplete(result)) throw new Error(JSON.stringify(result));
  }
  return Promise.all(participants.map(pathOf));
}

async function tooLong(): Promise<never> {
  await delay(LIMIT_MS);
  throw new Error(`not finished after ${LIMIT_MS / 1000} s`);
}

/** Whatever hangs: verify gets an answer that names the step, and the process ends. */
async function answer(task: RoomTask): Promise<RoomResult> {
  const progress: Progress = { step: "joining the room", participants: [] };
  const leave = async () => {
    await Promise.all(progress.participants.map(({ room }) => room.disconnect()));
    await dispose();
  };
  try {
    return { ok: true, paths: await Promise.race([run(task, progress), tooLong()]) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ok: false, step: progress.step, problem };
  } finally {
    await Promise.race([leave(), delay(LEAVE_MS)]);
  }
}

process.once("disconnect", () => process.exit()); // verify has gone, or has given up waiting
process.once("message", (message) => {
  void answer(RoomTask.parse(message)).then((result) =>
    process.send?.(result, () => process.exit()),
  );
});
