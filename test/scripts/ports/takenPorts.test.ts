import { describe, expect, test } from "@jest/globals";
import { portsError } from "../../../scripts/ports/portsError.ts";
import { takenPorts, type PortQuestion } from "../../../scripts/ports/takenPorts.ts";
import { devPlan, laptop } from "../../support/plans.ts";

const plan = devPlan();

/** Asks about that plan, with these ports held by others. */
const ask = (held: Record<string, string>, more: Partial<PortQuestion> = {}) =>
  takenPorts({
    plan,
    isOurs: () => false,
    probeAt: () => async (protocol, port) => held[`${port}/${protocol}`],
    ...more,
  });
const names = (taken: Awaited<ReturnType<typeof ask>>) => taken.map(({ row }) => row.name);

/** Holders of the first `count` ports of the media range. */
const media = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${50_100 + index}/udp`, ""]));

test("free ports are no problem", async () => {
  expect(await ask({})).toEqual([]);
});

test("a taken port is found with its row and its holder, the other protocol's is not", async () => {
  const taken = await ask({ "443/udp": "caddy (pid 7)", "5349/udp": "", "7890/tcp": "" });
  expect(names(taken)).toEqual(["turn-udp", "api"]);
  expect(taken[0]?.holders).toEqual(["caddy (pid 7)"]);
});

const isLivekit = (container: string) => container === "turnkey-dev-livekit";

test("what our own container holds is not taken", async () => {
  expect(names(await ask({ "443/udp": "", "7890/tcp": "" }, { isOurs: isLivekit }))).toEqual([
    "api",
  ]);
});

const lan = { ...laptop, nodeAddress: "192.168.1.5", lan: { subnet: "192.168.1.0/24" } };

/** The address that each port is asked for at, on that machine. */
async function askedAt(machine: typeof laptop): Promise<Record<string, string>> {
  const addresses: Record<string, string> = {};
  const probeAt: PortQuestion["probeAt"] = (address) => async (protocol, port) => {
    addresses[`${port}/${protocol}`] = address;
    return undefined;
  };
  await ask({}, { plan: devPlan({}, machine), probeAt });
  return addresses;
}

test("each row is asked for at the address that it is opened on", async () => {
  expect(await askedAt(lan)).toMatchObject({
    "443/tcp": "192.168.1.5",
    "443/udp": "192.168.1.5",
    "5350/tcp": "192.168.1.5",
    "7880/tcp": "127.0.0.1",
    "7890/tcp": "127.0.0.1",
    "6789/tcp": "127.0.0.1",
    // LiveKit binds it everywhere; a published one is where it is published.
    "7881/tcp": "*",
  });
  expect(await askedAt({ ...lan, network: "bridge" })).toMatchObject({ "7881/tcp": "192.168.1.5" });
});

const isLivekitOnLan: PortQuestion["isOurs"] = (name, _row, address) =>
  isLivekit(name) && address === "192.168.1.5";

test("what our own container holds at another address is asked for again", async () => {
  const held = { "443/udp": "caddy (pid 7)" };
  expect(names(await ask(held, { isOurs: isLivekitOnLan }))).toEqual(["turn-udp"]);
});

describe("a range", () => {
  test("of the host network is taken when fewer than half of its ports are free", async () => {
    expect(names(await ask(media(50)))).toEqual([]);
    expect(names(await ask(media(51)))).toEqual(["media"]);
  });

  test("that is published is taken with its first port", async () => {
    const services = plan.services.map((it) => ({ ...it, network: "stack" as const }));
    expect(names(await ask(media(1), { plan: { ...plan, services } }))).toEqual(["media"]);
  });
});

test("the error names each port, its purpose, its holder and the setting that moves it", async () => {
  const error = portsError("dev", await ask({ "443/udp": "caddy (pid 7)", "7890/tcp": "" }));
  expect(error.message).toBe(
    [
      'stack "dev" cannot have 2 ports it needs; nothing was deployed',
      "  443/udp for TURN/UDP and STUN: held by caddy (pid 7)",
      "  7890/tcp for room tokens and ICE configurations: held by another program",
    ].join("\n"),
  );
  expect(error.mend.at(-1)).toBe("or choose others in Pulumi.dev.yaml: turn.udpPort, api.port");
});
