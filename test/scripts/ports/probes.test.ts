import { afterEach, describe, expect, test } from "@jest/globals";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { linuxProbe, openingProbe } from "../../../scripts/ports/probes.ts";

const open: { close: () => void }[] = [];
afterEach(() => {
  for (const it of open.splice(0)) it.close();
});

async function heldTcp(address: string): Promise<number> {
  const server = createServer();
  open.push(server);
  server.listen(0, address);
  await once(server, "listening");
  return portOf(server.address());
}

async function heldUdp(address: string): Promise<number> {
  const socket = createSocket("udp4");
  open.push(socket);
  socket.bind(0, address);
  await once(socket, "listening");
  return socket.address().port;
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

const noContainer = () => undefined;

const probes = [
  ...(process.platform === "linux" ? [["socket tables", linuxProbe] as const] : []),
  ["opening", openingProbe] as const,
];

describe.each(probes)("the probe by %s", (_name, probe) => {
  test.each(["127.0.0.1", "0.0.0.0"])("sees ports held on %s", async (address) => {
    const [tcp, udp] = [await heldTcp(address), await heldUdp(address)];
    const ask = probe("127.0.0.1", noContainer);
    expect(await ask("tcp", tcp)).toBeDefined();
    expect(await ask("udp", udp)).toBeDefined();
  });

  test.each(["127.0.0.1", "127.0.0.9"])(
    "sees that a port held on %s cannot be had on every address",
    async (address) => {
      const [tcp, udp] = [await heldTcp(address), await heldUdp(address)];
      const ask = probe("*", noContainer);
      expect(await ask("tcp", tcp)).toBeDefined();
      expect(await ask("udp", udp)).toBeDefined();
    },
  );

  test("sees that a port is free, and leaves it so", async () => {
    const port = await heldTcp("127.0.0.1");
    open.pop()?.close();
    const ask = probe("127.0.0.1", noContainer);
    expect(await ask("tcp", port)).toBeUndefined();
    expect(await ask("tcp", port)).toBeUndefined();
  });
});

if (process.platform === "linux") {
  test("the socket tables name the process", async () => {
    const port = await heldTcp("127.0.0.1");
    expect(await linuxProbe("127.0.0.1", noContainer)("tcp", port)).toContain(
      `(pid ${process.pid})`,
    );
  });

  test("a port on another address of the machine is free on ours", async () => {
    const port = await heldUdp("127.0.0.9");
    expect(await linuxProbe("127.0.0.1", noContainer)("udp", port)).toBeUndefined();
  });
}
