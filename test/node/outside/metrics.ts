/** What the node publishes of itself, as CloudWatch has it. */
import { beforeAll, describe, expect, test } from "@jest/globals";
import { NODE_METRICS, type NodeMetric } from "../../../plan/nodeMetrics.ts";
import { row } from "../../../turn/ports.ts";
import { inNamespace } from "../../support/networkTools.ts";
import { startLiveRelays } from "../../support/node/liveRelays.ts";
import type { Rig } from "../../support/node/rig.ts";
import { soon } from "../../support/node/soon.ts";
import { giveEnvironment } from "../../support/node/told.ts";
import { metricNames, valuesOf } from "../../support/node/watched.ts";

const MINUTES = 60_000;
const DAY_MS = 24 * 60 * MINUTES;
/** So that nobody waits minutes for what the node says every minute. */
const OFTEN = { "turnkey-proof": "TURNKEY_EVERY_SECONDS=3" };

/** When the certificate that clients are served ends. */
async function servedUntil({ internet, host }: Rig): Promise<Date> {
  const ask = `openssl s_client -connect ${host}:443 -servername ${host} </dev/null 2>/dev/null`;
  const told = await inNamespace(
    internet.client,
    "sh",
    "-c",
    `${ask} | openssl x509 -noout -enddate`,
  );
  return new Date(told.split("=")[1] ?? "");
}

/** Declares the tests. */
export function metricsTests(rig: () => Rig): void {
  const inNode = (...command: string[]) => rig().node.run(command, MINUTES);
  const values = async (metric: NodeMetric, since: Date) =>
    (await valuesOf(rig(), metric, since)).map(({ value }) => value);
  /** Waits until the metric is as wanted in what comes from now on. */
  const becomes = async (metric: NodeMetric, wanted: number) => {
    const since = new Date();
    const told = async () => `${metric} is ${(await values(metric, since)).join()}, not ${wanted}`;
    const is = async () => (await values(metric, since)).at(-1) === wanted;
    await soon(is, { withinMs: 3 * MINUTES, otherwise: told });
  };

  describe("metrics in CloudWatch", () => {
    beforeAll(() => giveEnvironment(rig(), OFTEN), 3 * MINUTES);

    test(
      "say that the relay passes packets, and how the node is",
      async () => {
        await becomes("RelayProofFailed", 0);
        await becomes("ApiErrors", 0);
        await becomes("LiveAllocations", 0);
        const measured = ["RelayRoundTripMs", "MemoryUsedPercent", "DiskUsedPercent"] as const;
        for (const it of measured) {
          // oxlint-disable-next-line no-await-in-loop -- a few
          const last = (await valuesOf(rig(), it, new Date(0))).at(-1);
          expect(last?.value).toBeGreaterThan(0);
          expect(last?.unit).toBe(NODE_METRICS[it].unit);
        }
      },
      8 * MINUTES,
    );

    test(
      "count the days of the certificate that clients are served",
      async () => {
        const left = ((await servedUntil(rig())).getTime() - Date.now()) / DAY_MS;
        expect(left).toBeGreaterThan(1);
        const near = async () => {
          const told = (await values("CertificateDaysLeft", new Date(Date.now() - MINUTES))).at(-1);
          return told !== undefined && Math.abs(told - left) < 0.1;
        };
        await soon(near, { withinMs: 3 * MINUTES, otherwise: () => `${left} days are not told` });
      },
      4 * MINUTES,
    );

    test("leave out what this machine has not got: a clock that is kept, a network card of AWS's", async () => {
      const there = await metricNames(rig());
      const left = Object.keys(NODE_METRICS).filter((it) => !there.has(it));
      expect(left).toEqual(["ClockOffsetMs", "AllowanceExceeded"]);
    });

    test(
      "count the allocations that clients hold",
      async () => {
        const relays = await startLiveRelays(rig());
        try {
          await becomes("LiveAllocations", 3);
        } finally {
          await relays.stop();
        }
        await becomes("LiveAllocations", 0);
      },
      8 * MINUTES,
    );

    test(
      "say that the proof fails where no packet comes through, and passes again",
      async () => {
        const { from, to } = row(rig().deployed.outputs.ports, "relay");
        const drop = `udp sport ${from}-${to} drop`;
        const hook = "type filter hook output priority 0";
        await inNode("nft", `table inet broken { chain out { ${hook}; ${drop}; }; }`);
        try {
          await becomes("RelayProofFailed", 1);
        } finally {
          await inNode("nft", "delete table inet broken");
        }
        await becomes("RelayProofFailed", 0);
      },
      8 * MINUTES,
    );
  });
}
