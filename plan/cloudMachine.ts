import type { Machine } from "./machine.ts";

/** What stands for the machine where a stack runs on a node of a cloud: nothing of it is this machine's. */
export const cloudMachine = (nodeAddress: string): Machine => ({
  nodeAddress,
  // The public address is the other side of a one-to-one NAT; the firewall decides who gets in.
  bindAddress: "0.0.0.0",
  network: "host",
  localImages: {},
});
