/** What a node measures of itself, and how it tells it. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { NODE_METRICS } from "../../plan/nodeMetrics.ts";
import { encodeBase62 } from "../../turn/base62.ts";
import { until } from "../support/until.ts";
import { ADDRESS } from "./support/documents.ts";
import { python } from "./support/python.ts";
import { testNode, type TestNode } from "./support/testNode.ts";

const proof = (expression: string, given?: unknown) => python("proof, turn", expression, given);

test("the metrics are those that alarms and dashboard know", () => {
  const units = Object.fromEntries(
    Object.entries(NODE_METRICS).map(([it, { unit }]) => [it, unit]),
  );
  expect(proof("proof.UNITS")).toEqual(units);
});

describe("a credential", () => {
  // Made by the Go module that LiveKit uses.
  test("is LiveKit's", () => {
    const secret = "0123456789abcdef0123456789abcdef";
    expect(proof("turn.credential(*given)", ["TURN1", secret, "user-42", 1_893_456_000])).toEqual([
      "wADM2UDNzkDOxwnM00iclNXd8FjTSVFV",
      "woLysyRIfSYpYLdjmGcRNOqQmOGoVnPfVefsYYZlsMOB",
    ]);
  });

  test("is written in the base62 of the API", () => {
    const samples = [[0], [255, 255, 255], [30], [63, 62], [...Array(256).keys()]];
    const ours = samples.map((it) => encodeBase62(Uint8Array.from(it)));
    expect(proof("[turn.base62(bytes(it)) for it in given]", samples)).toEqual(ours);
  });
});

describe("a measurement", () => {
  test.each([
    [
      "allocations: sockets on every address, in the relay's ports",
      "proof.allocations(given, {'from': 50000, 'to': 54999})",
      [
        "  sl  local_address rem_address   st",
        "   1: 00000000:C350 00000000:0000 07", // 50000
        "   2: 00000000:D6D7 00000000:0000 07", // 54999
        "   3: 0900A80A:C351 00000000:0000 07", // media, on one address
        "   4: 00000000:D6D8 00000000:0000 07", // 55000
      ].join("\n"),
      2,
    ],
    [
      "memory: what is available counts as free",
      "proof.memory_used(given)",
      "MemTotal:    1000 kB\nMemFree:    10 kB\nMemAvailable:    250 kB\n",
      75,
    ],
    [
      "errors of the API: statuses of 500 and above",
      "proof.api_errors(given)",
      [
        'turnkey_api_requests_total{method="GET",route="/a",status="200"} 7',
        'turnkey_api_requests_total{method="GET",route="/a",status="503"} 2',
        'turnkey_api_requests_total{method="GET",route="/b",status="500"} 3',
      ].join("\n"),
      5,
    ],
    [
      "allowances: all of them",
      "proof.allowance_exceeded(given)",
      "  bw_in_allowance_exceeded: 3\n  pps_allowance_exceeded: 4\n  queue_0_tx_cnt: 99\n",
      7,
    ],
    [
      "the clock: how far, whichever way",
      "proof.clock_offset(given)",
      "A9FEA97B,169.254.169.123,4,1700000000.1,-0.002500000,0.1,0.2,-1,0,0,0,0,0,Normal",
      2.5,
    ],
    [
      "days of the certificate",
      "proof.days_left(given, 1800000000)",
      "Jan 17 08:00:00 2027 GMT",
      2,
    ],
  ])("of %s", (_what, expression, given, told) => {
    expect(proof(expression, given)).toBe(told);
  });

  test.each([
    ["nothing is known of before", [null, 7], 0],
    ["it grew", [5, 7], 2],
    ["it began anew", [5, 2], 2],
  ])("of growth where %s", (_case, given, told) => {
    expect(proof("proof.since(*given)", given)).toBe(told);
  });
});

describe("the proof", () => {
  const ports = ["relay", "turn-udp", "https", "api-metrics"].map((name) => ({
    name,
    from: 9,
    to: 9,
  }));
  const task = { address: "127.0.0.1", ports, turnKey: JSON.stringify({ key: "k", secret: "s" }) };
  let node: TestNode;

  beforeEach(async () => {
    node = await testNode();
  });

  afterEach(async () => {
    await node.remove();
  });

  test("that fails is published as such, beside all that can be measured", async () => {
    node.aws.publicAddress = "127.0.0.1";
    node.start("proof.py", task);
    const form = await until(() => node.aws.published[0], 20_000);
    const metrics = [...form].flatMap(([name, value]) => {
      const number = /^MetricData\.member\.(\d+)\.MetricName$/.exec(name)?.[1];
      return number === undefined ? [] : [[value, form.get(`MetricData.member.${number}.Value`)]];
    });
    expect(form.get("Action")).toBe("PutMetricData");
    expect(form.get("Namespace")).toBe("Turnkey/prod");
    expect(Object.fromEntries(metrics)).toMatchObject({
      RelayProofFailed: "1.000",
      LiveAllocations: "0.000",
      MemoryUsedPercent: expect.stringMatching(/^\d+\.\d{3}$/),
      DiskUsedPercent: expect.stringMatching(/^\d+\.\d{3}$/),
    });
    expect(Object.keys(Object.fromEntries(metrics))).not.toContain("RelayRoundTripMs");
  });

  test("is not made of a node that has the address no more, or not yet", async () => {
    node.aws.publicAddress = "203.0.113.50";
    node.start("proof.py", { ...task, address: ADDRESS });
    await until(
      () => node.printed().includes(`waiting: ${ADDRESS} is not this node's yet`),
      20_000,
    );
    expect(node.aws.published).toEqual([]);
  });
});
