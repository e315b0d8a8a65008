import { expect, test } from "@jest/globals";
import { parseSocketTable } from "../../../scripts/ports/listeners.ts";

const HEAD =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const line = (local: string, state: string, inode: number) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000 100 0 0 10 0\n`;

test.each([
  ["the loopback address", "0100007F:1ED2", "127.0.0.1", 7890],
  ["every address", "00000000:01BB", "*", 443],
  ["every IPv6 address, which takes IPv4 too", `${"0".repeat(32)}:01BB`, "*", 443],
  ["an IPv4 address written as IPv6", `${"0".repeat(16)}FFFF00000100007F:C3B4`, "127.0.0.1", 50100],
])("a socket on %s is a listener there", (_what, local, address, port) => {
  expect(parseSocketTable("tcp", HEAD + line(local, "0A", 4711))).toEqual([
    { protocol: "tcp", address, port, inode: "4711" },
  ]);
});

test("a socket on an IPv6 address of its own keeps nobody from an IPv4 port", () => {
  const loopback = "00000000000000000000000001000000:1ED2";
  expect(parseSocketTable("tcp", HEAD + line(loopback, "0A", 1))).toEqual([]);
});

test("a TCP connection is no listener, a UDP socket always is one", () => {
  const established = HEAD + line("0100007F:1ED2", "01", 1);
  expect(parseSocketTable("tcp", established)).toEqual([]);
  expect(parseSocketTable("udp", established)).toHaveLength(1);
});
