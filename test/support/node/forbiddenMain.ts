/** Sends every probe of the task on standard input, and prints what the server answered. */
import { json } from "node:stream/consumers";
import { isIPv6 } from "node:net";
import { parseIceUrl } from "../../../verify/iceUrl.ts";
import { FIRST_CHANNEL } from "../../../verify/turnFrames.ts";
import { openProbing, type Probing, type Told } from "./forbiddenClient.ts";
import {
  FAMILIES,
  type Family,
  MARK,
  type Method,
  METHODS,
  portOfCell,
  type ProbeReport,
  ProbeTask,
  type ProbeTransport,
  TRANSPORTS,
} from "./forbiddenProbes.ts";

const LIMIT_MS = 240_000;
/** Under way at once, so that no buffer overflows on a busy machine. */
const AT_ONCE = 16;

const task = ProbeTask.parse(await json(process.stdin));
const signal = AbortSignal.timeout(LIMIT_MS);
const allowed = { host: task.allowed, port: 9 };
const report: ProbeReport = { relays: {}, answers: {}, sent: 0 };

/** Tries one peer; what the method asks first is answered, and then something is sent, whatever the answer. */
async function tryPeer(
  client: Probing,
  method: Method,
  { host, port, index }: { host: string; port: number; index: number },
): Promise<Told> {
  const peer = { host, port };
  switch (method) {
    case "permission": {
      const told = await client.permit(peer);
      client.send(peer, MARK);
      return told;
    }
    case "channel": {
      const channel = FIRST_CHANNEL + index;
      const told = await client.bind(channel, peer);
      client.sendOn(channel, MARK);
      return told;
    }
    case "unpermitted":
      client.send(peer, MARK);
      // Asked for its answer alone: what is sent in a burst would be lost in a queue, and prove nothing.
      await client.permit(allowed);
      return "unasked";
    case "connect":
      return client.connect(peer);
    default:
      return method satisfies never;
  }
}

async function tryAll(family: Family, transport: ProbeTransport, method: Method): Promise<void> {
  const url = parseIceUrl(task.urls[family][transport]);
  const client = await openProbing(url, task.credential, { ca: task.ca, signal });
  const relay = await client.allocate(family, method === "connect" ? "tcp" : "udp");
  report.relays[`${family} ${transport} ${method}`] = relay;
  if (relay === "0") {
    if (method === "unpermitted") await client.permit(allowed);
    // A relay of IPv6 is only asked for IPv6: that it has no way to IPv4 is what a family is.
    const peers = task.peers
      .filter(({ host }) => family === "IPv4" || isIPv6(host))
      .map((it, index) => ({ ...it, index }));
    const work = peers.values();
    const worker = async () => {
      for (const { host, form, port, index } of work) {
        const at = port ?? portOfCell({ form, method, transport });
        // oxlint-disable-next-line no-await-in-loop -- as many at once as there are workers
        const told = await tryPeer(client, method, { host, port: at, index });
        const tally = (report.answers[`${family} ${transport} ${method} ${form}`] ??= {});
        tally[told] = (tally[told] ?? 0) + 1;
        report.sent += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  await client.close();
}

for (const family of FAMILIES)
  for (const method of METHODS)
    // oxlint-disable-next-line no-await-in-loop -- few relays at a time
    await Promise.all(TRANSPORTS.map((transport) => tryAll(family, transport, method)));
console.log(JSON.stringify(report));
