/** Tests may make networks here: namespaces with packet filters of their own. */
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { inNamespace, ip } from "../support/networkTools.ts";

const name = `turnkey-test-${randomBytes(4).toString("hex")}`;
beforeEach(() => ip("netns", "add", name));
afterEach(() => ip("netns", "delete", name));

/** Sends itself a packet at each address, in this order, and prints those that came once the last did. */
const packetsTo = (...addresses: readonly string[]) => `
  const addresses = ${JSON.stringify(addresses)};
  const socket = require("node:dgram").createSocket("udp4");
  const came = [];
  socket.on("message", (message) => {
    came.push(String(message));
    if (came.at(-1) !== addresses.at(-1)) return;
    console.log(came.join(" "));
    socket.close();
  });
  socket.bind(24900, () => {
    for (const address of addresses) socket.send(address, 24900, address);
  });`;

test("a filter in a namespace drops what it names and passes the rest", async () => {
  const filter = ["add table ip t", "add chain ip t c { type filter hook input priority 0; }"];
  await ip("-n", name, "link", "set", "lo", "up");
  for (const command of [...filter, "add rule ip t c ip daddr 127.0.0.2 drop"])
    await inNamespace(name, "nft", command);
  const sent = packetsTo("127.0.0.2", "127.0.0.3");
  expect(await inNamespace(name, process.execPath, "-e", sent)).toBe("127.0.0.3");
});
