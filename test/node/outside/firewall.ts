/** Who reaches what on the node itself. */
import { describe, expect, test } from "@jest/globals";
import { type RowName, row } from "../../../turn/ports.ts";
import { NETWORK, NODE } from "../../support/node/places.ts";
import { type Place, whoReaches } from "../../support/node/reach.ts";
import type { Rig } from "../../support/node/rig.ts";
import { USERS } from "./rights.ts";

const MINUTES = 60_000;
const users = ["root", "livekit", "api", "edge", "acme"] as const;
type User = (typeof users)[number];

/** What there is on the node, and who needs it beside root. */
function needed({ deployed }: Rig): readonly (readonly [string, Place, readonly User[]])[] {
  const at = (name: RowName, host: string = "127.0.0.1") => ({
    host,
    port: row(deployed.outputs.ports, name).from,
  });
  return [
    ["signalling", at("signalling"), ["livekit", "api", "edge"]],
    ["TURN behind the edge", at("turn-tcp", NODE.private), ["edge"]],
    ["the API", at("api"), ["api", "edge"]],
    ["the edge's health", at("edge-metrics"), ["edge"]],
    ["the ACME client", at("acme"), ["edge"]],
    ["LiveKit's metrics", at("metrics"), []],
    ["the API's metrics", at("api-metrics"), []],
    ["HTTPS", at("https", NODE.private), []],
    ["media over TCP", at("ice-tcp", NODE.private), []],
    ["another service", { host: "127.0.0.1", port: 2222 }, []],
    ["metadata", { host: NETWORK.metadata, port: 80 }, []],
  ];
}

/** Declares the tests. */
export function firewallTests(rig: () => Rig): void {
  const reached = async (options = {}) => {
    const places = needed(rig()).map(([, place]) => place);
    const ids = users.map((it) => USERS[it]);
    const told = await whoReaches(rig(), places, ids, options);
    return needed(rig()).map(([what], index) => [
      what,
      users.filter((it) => told[index]?.includes(USERS[it])),
    ]);
  };
  const wanted = () =>
    needed(rig()).map(([what, , who]) => [
      what,
      users.filter((it) => it === "root" || who.includes(it)),
    ]);

  describe("the node's firewall", () => {
    test(
      "lets each user reach of the node what its service needs, and root everything",
      async () => {
        expect(await reached()).toEqual(wanted());
      },
      4 * MINUTES,
    );

    test(
      "is what stands in the way",
      async () => {
        const everybody = needed(rig()).map(([what]) => [what, users]);
        expect(await reached({ open: true })).toEqual(everybody);
        expect(await reached()).toEqual(wanted());
      },
      6 * MINUTES,
    );
  });
}
