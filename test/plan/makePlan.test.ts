import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { parseApiEnv } from "../../turn/apiEnv.ts";
import { PortRow, row, rowNames } from "../../turn/ports.ts";
import { devPlan, laptop } from "../support/plans.ts";

const service = (plan: ReturnType<typeof devPlan>, name: string) => {
  const found = plan.services.find((it) => it.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
};

const livekitYaml = (plan: ReturnType<typeof devPlan>) => {
  const file = service(plan, "livekit").files.find((it) => it.path.endsWith("livekit.yaml"));
  if (!file || !("text" in file)) throw new Error("no livekit.yaml");
  return file.text;
};

test("the same input gives the same plan", () => {
  expect(devPlan()).toEqual(devPlan());
});

test("the plan is plain data", () => {
  expect(JSON.parse(JSON.stringify(devPlan()))).toEqual(devPlan());
});

test("livekit.yaml of the dev stack is this document", () => {
  expect(livekitYaml(devPlan())).toMatchSnapshot();
});

test("every view of the port table shows the same ports", () => {
  const plan = devPlan({
    livekit: { port: 17_880, metricsPort: 16_789 },
    rtc: { tcpPort: 17_881, mediaPorts: { from: 40_000, to: 40_050 } },
    turn: { udpPort: 3478, tlsPort: 15_349, relayPorts: { from: 40_010, to: 40_020 } },
    api: { port: 18_080 },
  });
  const yaml: unknown = parse(livekitYaml(plan));
  expect(yaml).toMatchObject({
    port: row(plan.ports, "signalling").from,
    prometheus: { port: row(plan.ports, "metrics").from },
    rtc: { tcp_port: 17_881, port_range_start: 40_000, port_range_end: 40_050 },
    turn: { udp_port: 3478, tls_port: 15_349, relay_range_start: 40_010, relay_range_end: 40_020 },
  });
  expect(plan.iceUrls).toEqual([
    "stun:127.0.0.1:3478",
    "turn:127.0.0.1:3478?transport=udp",
    "turns:127.0.0.1:15349?transport=tcp",
  ]);
  expect(plan.apiUrl).toBe("http://127.0.0.1:18080");
  expect(plan.livekitUrl).toBe("ws://127.0.0.1:17880");
  expect(parseApiEnv(service(plan, "api").environment)).toMatchObject({
    PORT: 18_080,
    ICE_URLS: plan.iceUrls,
    LIVEKIT_URL: plan.livekitUrl,
  });
});

test("every row of the table belongs to exactly one service", () => {
  const owned = devPlan().services.flatMap((it) => it.ports);
  expect(owned.toSorted()).toEqual([...rowNames].toSorted());
});

test("ports travel in the outputs as the schema says", () => {
  for (const it of devPlan().ports) expect(PortRow.parse(it)).toEqual(it);
});

describe("the image and the version of LiveKit", () => {
  const built = {
    ...laptop,
    localImages: { livekit: { reference: "local/livekit:1.13.5", version: "1.13.5" } },
  };
  test.each([
    ["are the published ones by default", {}, laptop, "livekit/livekit-server:v1.13.11", "1.13.11"],
    [
      "are those built on this machine where there are any",
      {},
      built,
      "local/livekit:1.13.5",
      "1.13.5",
    ],
    [
      "follow a version that the settings name",
      { livekit: { version: "1.13.9" } },
      built,
      "livekit/livekit-server:v1.13.9",
      "1.13.9",
    ],
    [
      "follow an image that the settings name",
      { livekit: { version: "1.13.10", image: "mine/livekit:1" } },
      built,
      "mine/livekit:1",
      "1.13.10",
    ],
  ])("%s", (_claim, values, machine, image, version) => {
    const plan = devPlan(values, machine);
    expect(service(plan, "livekit").image).toBe(image);
    expect(plan.livekitVersion).toBe(version);
  });
});

test("a TURN domain stands in the URLs and in the certificate, beside the node's address", () => {
  const plan = devPlan({ turn: { domain: "turn.example.test" } });
  expect(plan.certificateNames).toEqual({ dns: ["turn.example.test"], ip: ["127.0.0.1"] });
  expect(plan.iceUrls[2]).toBe("turns:turn.example.test:5349?transport=tcp");
});

test("no service holds a secret in its environment or in a file's text", () => {
  for (const { environment, files } of devPlan().services) {
    for (const [key, value] of Object.entries(environment))
      if (/SECRET|KEY/.test(key)) expect(value).toMatch(/^\//);
    for (const file of files) if ("late" in file) expect(file.mode).toMatch(/^04[04]0$/);
  }
});
