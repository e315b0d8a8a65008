import { afterEach, expect, test } from "@jest/globals";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { awsControls, nodePlaces, probeControl } from "../../../scripts/ready/controlProbe.ts";
import { ntpRequest, stunRequest, tcpReach, udpReach } from "../../../scripts/ready/probes.ts";
import { parseMessage } from "werift";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const HOST = "127.0.0.1";
/** Longer than a loaded machine takes to answer itself. */
const PATIENT_MS = 10_000;
const SHORT_MS = 300;

async function tcpServer() {
  const server = createServer((socket) => socket.destroy());
  closing.push(() => server.close());
  await once(server.listen(0, HOST), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { host: HOST, port: address.port, close: () => server.close() };
}

async function udpServer(onMessage: (socket: Socket, packet: Buffer, port: number) => void) {
  const socket = createSocket("udp4");
  closing.push(() => socket.close());
  socket.on("message", (packet, from) => onMessage(socket, packet, from.port));
  socket.bind(0, HOST);
  await once(socket, "listening");
  return { host: HOST, port: socket.address().port };
}

const echo = (socket: Socket, packet: Buffer, port: number) => socket.send(packet, port, HOST);

test("a server is open, and refused once it is gone", async () => {
  const server = await tcpServer();
  expect(await tcpReach(server, PATIENT_MS)).toBe("open");
  server.close();
  expect(await tcpReach(server, PATIENT_MS)).toBe("refused");
});

test("a name that nobody has is silent", async () => {
  expect(await tcpReach({ host: "nobody.invalid", port: 443 }, PATIENT_MS)).toBe("silent");
  expect(await udpReach({ host: "nobody.invalid", port: 123 }, ntpRequest(), PATIENT_MS)).toBe(
    "silent",
  );
});

test("who answers a packet answers, who takes it does not, and a lost one is sent again", async () => {
  const answering = await udpServer(echo);
  expect(await udpReach(answering, stunRequest(), PATIENT_MS)).toBe("answers");
  const mute = await udpServer(() => undefined);
  expect(await udpReach(mute, stunRequest(), SHORT_MS)).toBe("silent");
  let heard = 0;
  const lossy = await udpServer((socket, packet, port) => {
    heard += 1;
    if (heard > 1) echo(socket, packet, port);
  });
  expect(await udpReach(lossy, stunRequest(), PATIENT_MS)).toBe("answers");
});

test("the requests are what STUN and NTP servers answer", () => {
  expect(parseMessage(stunRequest())).toMatchObject({ messageMethod: 1, messageClass: 0 });
  const ntp = ntpRequest();
  // Version 4, mode 3 (client): RFC 5905 section 7.3.
  expect([ntp.length, (ntp[0] ?? 0) >> 3, (ntp[0] ?? 0) & 7]).toEqual([48, 4, 3]);
});

test("a node that serves TCP alone beside a network that has both is at fault for UDP", async () => {
  const [nodeTcp, controlTcp] = await Promise.all([tcpServer(), tcpServer()]);
  const [nodeUdp, controlUdp] = await Promise.all([udpServer(() => undefined), udpServer(echo)]);
  expect(await probeControl({ nodeTcp, nodeUdp, controlTcp, controlUdp }, 2_000)).toEqual([
    {
      on: "deployment",
      text: expect.stringContaining(`${HOST}:${nodeUdp.port}/udp answers no STUN`),
    },
  ]);
});

test("a node's places are its own address and its port table's", () => {
  const row = { purpose: "", exposure: "public" } as const;
  const ports = [
    { ...row, name: "https", protocol: "tcp", from: 8443, to: 8443 },
    { ...row, name: "turn-udp", protocol: "udp", from: 3478, to: 3478 },
  ] as const;
  expect(nodePlaces({ nodeAddress: "203.0.113.7", ports: [...ports] })).toEqual({
    nodeTcp: { host: "203.0.113.7", port: 8443 },
    nodeUdp: { host: "203.0.113.7", port: 3478 },
  });
});

test.each([
  ["eu-central-1", "sts.eu-central-1.amazonaws.com"],
  ["cn-north-1", "sts.cn-north-1.amazonaws.com.cn"],
])("in %s TCP is compared with %s", (region, host) => {
  expect(awsControls(region).controlTcp).toEqual({ host, port: 443 });
});
