/** Holds relays for `liveRelays.ts`: a task on the first line of standard input, a report for each line. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { parseIceUrl } from "../../../verify/iceUrl.ts";
import { openRelay } from "../../../verify/relay.ts";
import { LiveRelaysTask, type LiveRelaysReport } from "./liveRelays.ts";
import { type Metered, meterRelay } from "./meteredRelay.ts";

const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
const first = await lines.next();
const { urls, address, packetsPerSecond, ...how } = LiveRelaysTask.parse(
  JSON.parse(first.value ?? ""),
);

const echo = createSocket("udp4");
echo.on("message", (data, from) => echo.send(data, from.port, from.address));
echo.bind(0, address);
await once(echo, "listening");
const peer = { host: address, port: echo.address().port };

const { signal } = new AbortController();
const relays = await Promise.all(
  urls.map(async (url) => {
    const relay = await openRelay(parseIceUrl(url), { ...how, signal });
    return { url, meter: await meterRelay(relay, { peer, packetsPerSecond }) };
  }),
);
type Meter = (typeof relays)[number]["meter"];
const report = async (of: (meter: Meter) => Metered | Promise<Metered>): Promise<void> => {
  const pairs = relays.map(async ({ url, meter }) => [url, await of(meter)] as const);
  const told: LiveRelaysReport = Object.fromEntries(await Promise.all(pairs));
  console.log(JSON.stringify(told));
};

await report((it) => it.counted());
for await (const line of lines) {
  if (line === "stop") break;
  await report((it) => it.counted());
}
await report((it) => it.stop());
process.exit();
