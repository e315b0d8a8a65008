/** Every port of the node, as a client on the internet finds it. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { inNamespace } from "../support/networkTools.ts";
import { untilApplied } from "../support/node/booted.ts";
import { type Scanned, scan } from "../support/node/forbiddenScan.ts";
import { NODE } from "../support/node/places.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { soon } from "../support/node/soon.ts";
import { setTrap, type Trap } from "../support/node/trap.ts";

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
const PORTS = 65_535;

/** Listeners that no table has. */
const STRAY = { tcp: 8_080, udp: 8_081 } as const;
const LISTEN = `
import socket, threading
tcp = socket.create_server(("0.0.0.0", ${STRAY.tcp}))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("0.0.0.0", ${STRAY.udp}))
while True:
    udp.sendto(*udp.recvfrom(2000))`;

let rig: Rig;
let trap: Trap;
let scanned: Scanned;
let refused: number;
const scanNode = () => scan(NODE.public, { client: rig.internet.client, node: trap.node });
beforeAll(async () => {
  rig = await startRig();
  await untilApplied(rig);
  trap = await setTrap(rig.internet, rig.node.pid);
  const unit = ["systemd-run", "--unit=stray", "python3", "-c", LISTEN];
  await rig.node.run(unit, 20 * SECONDS);
  const listens = async () =>
    (await inNamespace(trap.node, "ss", "-Hlnu")).includes(`:${STRAY.udp} `);
  await soon(listens, { withinMs: 20 * SECONDS, otherwise: () => "the strays do not listen" });
  const before = await rig.internet.refused("ingress");
  scanned = await scanNode();
  refused = (await rig.internet.refused("ingress")) - before;
}, 10 * MINUTES);
afterAll(() => trap.remove(), MINUTES);
afterAll(() => rig.remove(), 3 * MINUTES);

/** Rows of the table that the internet may reach. */
const open = () =>
  rig.deployed.outputs.ports.filter((it) => it.exposure === "public" && it.within === undefined);

test("what goes to a port of the table comes in, and what goes to any other one does not", () => {
  const rows = open().map(({ protocol, from, to }) =>
    from === to ? `${protocol} ${from}` : `${protocol} ${from}-${to}`,
  );
  expect(scanned.arrived.toSorted()).toEqual(rows.toSorted());
});

test("the security group counts each of the others as it drops it", () => {
  const letIn = open().reduce((sum, { from, to }) => sum + to - from + 1, 0);
  expect(refused).toBeGreaterThanOrEqual(2 * PORTS - letIn);
});

test("each TCP port of the table answers, and of UDP the relay's", () => {
  const tcp = open().flatMap(({ protocol, from }) => (protocol === "tcp" ? [`tcp ${from}`] : []));
  const relay = open().flatMap(({ name, from }) => (name === "turn-udp" ? [`udp ${from}`] : []));
  expect(scanned.answered.toSorted()).toEqual([...tcp, ...relay].toSorted());
});

test(
  "a stray listener answers as soon as the security group lets it",
  async () => {
    for (const [protocol, port] of Object.entries(STRAY)) {
      const rule = `insert rule ip rig ingress ${protocol} dport ${port} return`;
      // oxlint-disable-next-line no-await-in-loop -- two
      await inNamespace(rig.internet.router, "nft", ...rule.split(" "));
    }
    const { arrived, answered } = await scanNode();
    const strays = [`tcp ${STRAY.tcp}`, `udp ${STRAY.udp}`];
    expect(arrived.filter((it) => !scanned.arrived.includes(it))).toEqual(strays);
    expect(answered.filter((it) => !scanned.answered.includes(it))).toEqual(strays);
  },
  2 * MINUTES,
);
