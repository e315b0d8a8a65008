/** Faults of processes on the node, and what relays that are held meanwhile have lost. */
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { TurnCredential } from "../../../turn/engine.ts";
import { ask } from "./ask.ts";
import { account } from "./booted.ts";
import { type LiveRelaysReport, relayUrls, startLiveRelays } from "./liveRelays.ts";
import type { Metered } from "./meteredRelay.ts";
import type { Rig } from "./rig.ts";
import { soon } from "./soon.ts";

const SECONDS = 1_000;
/** Relays flow so long before a fault, and after it. */
const AROUND_MS = 2 * SECONDS;
/** How long the node may take to be whole; nothing is measured by it. */
const WHOLE_MS = 240 * SECONDS;

/** Runs a script on the node, and gives what it printed. */
export const onNode = async ({ node }: Pick<Rig, "node">, script: string): Promise<string> =>
  (await node.run(["sh", "-c", script], 120 * SECONDS)).trim();

/** The container of a service. */
export const containerOf = ({ deployed }: Pick<Rig, "deployed">, service: string): string => {
  const name = deployed.outputs.containers[service];
  if (name === undefined) throw new Error(`the deployment has no service ${service}`);
  return name;
};

const services = (rig: Pick<Rig, "deployed">, names: readonly string[]): string =>
  `docker inspect --format '{{.State.Pid}}' ${names.map((it) => containerOf(rig, it)).join(" ")}`;
const units = (names: readonly string[]): string =>
  `systemctl show --property=MainPID --value ${names.join(" ")}`;

/** What is killed: services of the deployment, units of systemd, or some of both. */
export interface Killed {
  readonly services?: readonly string[];
  readonly units?: readonly string[];
}

async function pidsOf(rig: Rig, killed: Killed): Promise<string[]> {
  const scripts = [
    ...(killed.services ? [services(rig, killed.services)] : []),
    ...(killed.units ? [units(killed.units)] : []),
  ];
  return (await onNode(rig, scripts.join("\n"))).match(/\d+/g) ?? [];
}

/** Kills their first processes at once, as a crash does. Gives the ids that these had. */
export async function crash(rig: Rig, killed: Killed): Promise<readonly string[]> {
  const pids = await pidsOf(rig, killed);
  await onNode(rig, `kill -KILL ${pids.join(" ")}`);
  return pids;
}

/** The same, and waits until each has another. Throws the node's account. */
export async function kill(rig: Rig, killed: Killed): Promise<void> {
  const before = await crash(rig, killed);
  await soon(
    async () => {
      const others = await pidsOf(rig, killed).catch(() => []);
      const isOther = (it: string) => it !== "0" && !before.includes(it);
      return others.length === before.length && others.every(isOther);
    },
    { withinMs: WHOLE_MS, otherwise: () => account(rig) },
  );
}

/** Ids and start of the services' containers: what tells whether they are still the same. */
export const containersOf = (rig: Rig): Promise<string> =>
  onNode(
    rig,
    `docker inspect --format '{{.Id}} {{.State.StartedAt}}' ${Object.values(rig.deployed.outputs.containers).join(" ")}`,
  );

/** The status of the node's answer to a question from outside; 0 when there is none. */
export const statusAt = (rig: Rig, path: string): Promise<number> =>
  ask(rig.internet.client, {
    check: false,
    limitMs: 5 * SECONDS,
    questions: [{ url: `https://${rig.host}${path}` }],
  }).then(
    ([answer]) => answer?.status ?? 0,
    () => 0,
  );

/** Waits until units and services run, and the node says from outside that it is ready. Throws its account. */
export const untilWhole = (rig: Rig): Promise<void> =>
  soon(
    async () => {
      // Also while it boots.
      const told = await onNode(
        rig,
        "systemctl list-units --all --plain --no-legend 'turnkey-*.service' docker.service",
      ).catch(() => "");
      const run = told.split("\n").every((it) => / active +running /.test(it));
      return run && (await statusAt(rig, "/readyz?without=address")) === 200;
    },
    { withinMs: WHOLE_MS, otherwise: () => account(rig) },
  );

/** What relays lost, in a word each: `nothing`, `packets`, or `all` for one that has ended. */
export type Lost = "nothing" | "packets" | "all";
const lost = ({ sent, received, ended }: Metered): Lost =>
  ended === undefined ? (received === sent ? "nothing" : "packets") : "all";

/**
 * Holds relays by all URLs while something happens, until the node is whole again; gives what each relay lost.
 * Throws when one of them carried nothing before it.
 */
export async function during(
  rig: Rig,
  happens: () => Promise<unknown>,
  credential?: TurnCredential,
): Promise<{ relays: LiveRelaysReport; lost: Record<string, Lost>; wholeMs: number }> {
  const live = await startLiveRelays(rig, credential ? { credential } : {});
  try {
    await sleep(AROUND_MS);
    const before = await live.counted();
    for (const [url, { received }] of Object.entries(before))
      if (received === 0) throw new Error(`nothing came through ${url} before the fault`);
    const start = performance.now();
    await happens();
    await untilWhole(rig);
    const wholeMs = Math.round(performance.now() - start);
    await sleep(AROUND_MS);
    const relays = await live.stop();
    return { relays, lost: mapped(relays, lost), wholeMs };
  } catch (error) {
    await live.stop().catch(() => undefined);
    throw error;
  }
}

const mapped = <T>(relays: LiveRelaysReport, of: (it: Metered) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(relays).map(([url, it]) => [url, of(it)]));

/** By URL, what relays lost of which those over UDP and those over TLS fared alike. */
export const losses = (rig: Rig, udp: Lost, tls: Lost): Record<string, Lost> =>
  Object.fromEntries(relayUrls(rig).map((it) => [it, it.includes("transport=udp") ? udp : tls]));

/** Whether a relay by each URL passes every packet; by default for a user who has none. Throws when one cannot be had. */
export async function relaysToBeHad(rig: Rig, credential?: TurnCredential): Promise<boolean> {
  const live = await startLiveRelays(rig, credential ? { credential } : {});
  await sleep(SECONDS);
  const relays = await live.stop();
  return isDeepStrictEqual(mapped(relays, lost), losses(rig, "nothing", "nothing"));
}

/** Waits until relays are to be had, as the certificate may come after the rest. Throws the node's account. */
export const untilRelays = (rig: Rig): Promise<void> =>
  soon(() => relaysToBeHad(rig).catch(() => false), {
    withinMs: WHOLE_MS,
    otherwise: () => account(rig),
  });
