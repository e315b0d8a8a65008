/** A phone on the LAN: it trusts the CA it is given and knows nothing else of the stack. */
import { createConnection } from "node:net";
import { once } from "node:events";
import * as z from "zod";
import { IceConfig } from "../../turn/iceConfig.ts";
import { advertised } from "../../verify/advertised.ts";
import { bindDirectPeer } from "../../verify/directPeer.ts";
import { exchange } from "../../verify/exchange.ts";
import { LegFailure } from "../../verify/findings.ts";
import { openRelay } from "../../verify/relay.ts";
import { fetchTrusting } from "../../verify/trust.ts";

/** What the phone is told. */
export const PhoneTask = z.strictObject({
  /** Its own address. */
  address: z.ipv4(),
  /** Origin of the stack, such as `https://192.168.1.5`. */
  origin: z.url(),
  ca: z.string(),
  token: z.string(),
  /** Peers that the relay must not reach. */
  forbidden: z.array(z.ipv4()),
  /** `host:port` of what must not be open to it. */
  closed: z.array(z.string()),
});
export type PhoneTask = z.infer<typeof PhoneTask>;

/** What the phone met. */
export const PhoneReport = z.strictObject({
  health: z.number(),
  ca: z.string(),
  /** By TURN URL: the relay's address, after packets passed it both ways; and how each forbidden peer was refused. */
  relays: z.record(
    z.string(),
    z.strictObject({ relay: z.ipv4(), forbidden: z.record(z.string(), z.number()) }),
  ),
  /** How each of what must be closed was refused. */
  closed: z.record(z.string(), z.string()),
});
export type PhoneReport = z.infer<typeof PhoneReport>;

const LIMIT_MS = 15_000;

/** Does everything an app on the phone does, and more that must fail. */
export async function callHome({
  address,
  origin,
  ca,
  token,
  ...task
}: PhoneTask): Promise<PhoneReport> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetchTrusting(ca)(`${origin}${path}`, { headers, signal });
  const health = await get("/healthz");
  const handedOut = await get("/ca.crt");
  const answer = await get("/api/livekit/ice-config", { authorization: `Bearer ${token}` });
  const relays: PhoneReport["relays"] = {};
  for (const { url, credential } of advertised(IceConfig.parse(await answer.json())).relays) {
    const relay = await openRelay(url, { ca, credential, signal });
    const peer = await bindDirectPeer(address, [0], signal);
    await relay.client.permit(peer.address);
    await exchange({
      ends: [relay.client.endTowards(peer.address), peer.endTowards(relay.address)],
      names: ["relay", "phone"],
      tag: url.text,
      signal,
    });
    const forbidden: Record<string, number> = {};
    for (const host of task.forbidden)
      forbidden[host] = await refusal(() => relay.client.permit({ host, port: 9 }));
    relays[url.text] = { relay: relay.address.host, forbidden };
    await Promise.all([relay.client.close(), peer.close()]);
  }
  const closed = Object.fromEntries(
    await Promise.all(task.closed.map(async (it) => [it, await connecting(it, signal)])),
  );
  return { health: health.status, ca: await handedOut.text(), relays, closed };
}

/** The error code of a refusal, 0 where there is none. */
async function refusal(work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    if (error instanceof LegFailure && error.finding.kind === "refused") return error.finding.code;
    throw error;
  }
}

async function connecting(place: string, signal: AbortSignal): Promise<string> {
  const [host = "", port] = place.split(":");
  const socket = createConnection({ host, port: Number(port) });
  try {
    await once(socket, "connect", { signal });
    return "open";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  } finally {
    socket.destroy();
  }
}
