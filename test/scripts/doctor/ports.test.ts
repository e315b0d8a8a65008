import { expect, test } from "@jest/globals";
import { once } from "node:events";
import { createServer } from "node:net";
import { holdersOfRows, ports, rowFinding } from "../../../scripts/doctor/checks/ports.ts";
import { machineProbe } from "../../../scripts/ports/probes.ts";
import type { Probe } from "../../../scripts/ports/takenPorts.ts";
import { tcp, udp } from "../../../turn/ports.ts";
import { devPlan } from "../../support/plans.ts";
import { contextWith } from "./context.ts";

const stackFile = "Pulumi.dev.yaml";
const alone = { published: false, stackFile };

test("a port that a process really holds is told with its name and number, and the setting that moves it", async () => {
  const squatter = createServer();
  await once(squatter.listen(0, "127.0.0.1"), "listening");
  const address = squatter.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  try {
    const plan = devPlan({ api: { port: address.port } });
    const rows = await holdersOfRows({
      plan,
      running: [],
      probeAt: (at) => machineProbe(at, () => undefined),
    });
    const api = rows.find(({ row }) => row.name === "api");
    if (!api) throw new Error("no row");
    expect(rowFinding(api, { published: api.published, stackFile })).toEqual({
      level: "problem",
      text: expect.stringMatching(
        new RegExp(`^${address.port}/tcp \\(api\\): held by .+ \\(pid ${process.pid}\\)$`),
      ),
      mend: "end it, or choose other ports in Pulumi.dev.yaml: api.port",
    });
  } finally {
    squatter.close();
  }
});

const plan = devPlan();
const livekit = plan.services.find(({ name }) => name === "livekit")?.containerName ?? "";
const row = tcp("signalling", 7880, "signalling");

/** Who holds the port of signalling, as a probe names him; every other port is free. */
const holder =
  (name: string | undefined): ((address: string) => Probe) =>
  () =>
  async (_protocol, port) =>
    port === row.from ? name : undefined;

test.each<
  [string, string | undefined, string[], { own: number; foreign: number; names: string[] }]
>([
  ["free", undefined, [], { own: 0, foreign: 0, names: [] }],
  ["the stack's own", `the container ${livekit}`, [livekit], { own: 1, foreign: 0, names: [] }],
  ["hidden while our container runs: ours", "", [livekit], { own: 1, foreign: 0, names: [] }],
  ["hidden while our container stands still", "", [], { own: 0, foreign: 1, names: [] }],
  [
    "another process while our container runs",
    "caddy (pid 7)",
    [livekit],
    { own: 0, foreign: 1, names: ["caddy (pid 7)"] },
  ],
  [
    "another container",
    "the container other",
    [livekit],
    { own: 0, foreign: 1, names: ["the container other"] },
  ],
])("a port is %s", async (_what, held, running, expected) => {
  const rows = await holdersOfRows({ plan, running, probeAt: holder(held) });
  expect(rows.find((it) => it.row.name === "signalling")).toMatchObject(expected);
});

test.each([
  ["one port", { row, foreign: 1 }, false, "problem"],
  [
    "few of a range",
    { row: udp("media", { from: 50_100, to: 50_109 }, "media"), foreign: 5 },
    false,
    "warning",
  ],
  [
    "most of a range",
    { row: udp("media", { from: 50_100, to: 50_109 }, "media"), foreign: 6 },
    false,
    "problem",
  ],
  [
    "one of a published range",
    { row: udp("media", { from: 50_100, to: 50_109 }, "media"), foreign: 1 },
    true,
    "problem",
  ],
])("%s in other hands is told by how many it needs", (_what, given, published, level) => {
  const finding = rowFinding({ own: 0, names: [], ...given }, { published, stackFile });
  expect(finding.level).toBe(level);
});

test("rows inside others are not asked about", async () => {
  const rows = await holdersOfRows({ plan, running: [], probeAt: holder(undefined) });
  expect(rows.map((it) => it.row.name)).toEqual(
    plan.ports.filter((it) => it.within === undefined).map((it) => it.name),
  );
  expect(rowFinding({ row, own: 0, foreign: 0, names: [] }, alone).level).toBe("ok");
});

test("whose a deployed stack's port is cannot be told without the engine", async () => {
  const squatter = createServer();
  await once(squatter.listen(0, "127.0.0.1"), "listening");
  const address = squatter.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const taken = devPlan({ api: { port: address.port } });
  const { apiUrl, livekitUrl, nodeAddress, iceUrls } = taken;
  const outputs = {
    apiUrl,
    livekitUrl,
    nodeAddress,
    iceUrls: [...iceUrls],
    ports: [...taken.ports],
    caCertificate: "",
    containers: {},
  };
  const told = async (deployed: boolean) => {
    const record = deployed ? { outputs, resources: 1, pending: [] } : undefined;
    const findings = await ports.run(
      contextWith({ plan: async () => taken, record: async () => record }),
    );
    return findings.find(({ text }) => text.startsWith(`${address.port}/tcp`))?.level;
  };
  try {
    expect(await told(true)).toBe("unknown");
    expect(await told(false)).toBe("problem");
  } finally {
    squatter.close();
  }
});
