/** `npm run verify` from a client's network. */
import { describe, expect, test } from "@jest/globals";
import { inNamespace } from "../../support/networkTools.ts";
import { bestLegs } from "../../support/node/bestLegs.ts";
import { NODE } from "../../support/node/places.ts";
import type { Rig } from "../../support/node/rig.ts";
import { verifyIn, type VerifiedLeg } from "../../support/node/verifyIn.ts";

const MINUTES = 60_000;
/** What a LiveKit as old as the one that is made here cannot do. */
const OLD = ["TCP relays are refused", "one allocation above the quota is refused"];
const MOST_RUNS = 5;

/** The legs at their best: the limits of a run are short for a machine that does much beside. */
async function legsOf(rig: Rig): Promise<readonly VerifiedLeg[]> {
  const runs: (readonly VerifiedLeg[])[] = [];
  do {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    runs.push((await verifyIn(rig)).legs);
  } while (runs.length < MOST_RUNS && bestLegs(runs).some(({ result }) => result === "failed"));
  return bestLegs(runs);
}

/** Declares the tests. */
export const verifyTests = (rig: () => Rig): void =>
  describe("npm run verify", () => {
    test(
      "passes by name over every URL, and tells what it cannot try",
      async () => {
        const legs = await legsOf(rig());
        expect(legs.filter(({ result }) => result === "failed")).toEqual([]);
        const passed = legs.filter(({ result }) => result === "ok");
        const urlsOf = (end: string) =>
          passed.filter(({ name }) => name.endsWith(end)).map(({ url }) => url);
        const { iceUrls, livekitVersion } = rig().deployed.outputs;
        const relays = iceUrls.filter((it) => it.startsWith("turn"));
        expect(relays).toHaveLength(3);
        for (const it of ["relay to UDP relay", "relay to direct", "metadata is refused"])
          expect(urlsOf(it)).toEqual(relays);
        expect(urlsOf("STUN binding")).toEqual(iceUrls.filter((it) => it.startsWith("stun")));
        expect(urlsOf("room over the relay")).toEqual([`wss://${rig().host}`]);
        const untried = legs.filter(({ result }) => result === "n/a").map(({ name }) => name);
        expect(untried.toSorted()).toEqual(livekitVersion === "1.13.5" ? OLD : []);
      },
      10 * MINUTES,
    );

    test(
      "fails by the name of the port that the security group closes",
      async () => {
        const { host, internet } = rig();
        const nft = (words: string) => inNamespace(internet.router, "nft", words);
        const closed = `tcp dport 5349 ip daddr ${NODE.private} drop`;
        await nft(
          `table ip closed { chain through { type filter hook forward priority -1; ${closed}; }; }`,
        );
        try {
          const { ok, legs } = await verifyIn(rig());
          expect(ok).toBe(false);
          const [open, shut] = legs.filter(({ name }) => name === "allocate over TLS");
          expect(open).toMatchObject({ url: `turns:${host}:443?transport=tcp`, result: "ok" });
          expect(shut).toMatchObject({
            url: `turns:${host}:5349?transport=tcp`,
            result: "failed",
            cause: expect.stringContaining("does not serve this port"),
          });
        } finally {
          await nft("delete table ip closed");
        }
      },
      3 * MINUTES,
    );
  });
