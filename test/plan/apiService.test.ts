import { describe, expect, test } from "@jest/globals";
import type { Settings } from "../../config.ts";
import { cloudMachine } from "../../plan/cloudMachine.ts";
import { makePlan } from "../../plan/makePlan.ts";
import { parseApiEnv } from "../../turn/apiEnv.ts";
import { awsSettings, dockerSettings, laptop } from "../support/plans.ts";

/** The API of a stack: its service, and its environment as the process reads it. */
function apiOf(settings: Settings, machine = laptop) {
  const plan = makePlan(settings, machine, "dev");
  const service = plan.services.find((it) => it.name === "api");
  if (!service) throw new Error("the plan has no API");
  return { plan, service, env: parseApiEnv(service.environment) };
}

/** The bundles among the API's files, by path. */
const bundlesOf = ({ service }: ReturnType<typeof apiOf>) =>
  Object.fromEntries(
    service.folders
      .flatMap(({ files }) => files)
      .flatMap((it) => ("bundle" in it ? [[it.path, it.bundle]] : [])),
  );

const onAws = (api: Readonly<Record<string, unknown>> = {}) => awsSettings({ api });

describe("the demo page", () => {
  test("is served on this machine, from the file that its bundle becomes", () => {
    const api = apiOf(dockerSettings());
    expect(api.plan.demoUrl).toBe("http://127.0.0.1:7890/demo");
    expect(bundlesOf(api)).toMatchObject({ [api.env.DEMO_PAGE_FILE ?? ""]: "demoPage" });
  });

  test.each([
    { stack: "that switches it off", settings: dockerSettings({ api: { demo: false } }) },
    { stack: "on AWS", settings: onAws() },
  ])("is not there on a stack $stack", ({ settings }) => {
    const api = apiOf(settings);
    expect([api.plan.demoUrl, api.env.DEMO_PAGE_FILE]).toEqual([undefined, undefined]);
    expect(Object.values(bundlesOf(api))).not.toContain("demoPage");
  });
});

describe("the diagnostics page", () => {
  test("is served by a stack on AWS that switches it on, from the image that holds it", () => {
    const api = apiOf(onAws({ diagnostics: true }), cloudMachine("18.184.1.2"));
    expect(api.plan.diagnosticsUrl).toBe("https://18.184.1.2/diagnostics");
    expect(api.env.DIAGNOSTICS_PAGE_FILE).toBe("/app/diagnostics-page.json");
    expect(bundlesOf(api)).toEqual({});
  });

  test("is served by a stack on this machine, from the file that its bundle becomes", () => {
    const api = apiOf(dockerSettings());
    expect(api.plan.diagnosticsUrl).toBe("http://127.0.0.1:7890/diagnostics");
    expect(bundlesOf(api)).toMatchObject({
      [api.env.DIAGNOSTICS_PAGE_FILE ?? ""]: "diagnosticsPage",
    });
  });

  test.each([
    { stack: "that switches it off", settings: dockerSettings({ api: { diagnostics: false } }) },
    { stack: "on AWS", settings: onAws() },
  ])("is not there on a stack $stack", ({ settings }) => {
    const api = apiOf(settings);
    expect([api.plan.diagnosticsUrl, api.env.DIAGNOSTICS_PAGE_FILE]).toEqual([
      undefined,
      undefined,
    ]);
    expect(Object.values(bundlesOf(api))).not.toContain("diagnosticsPage");
  });
});

describe("the network", () => {
  test("of the node: the API listens where its rows say, and reaches what listens on the node", () => {
    const { service, env } = apiOf(dockerSettings(), { ...laptop, nodeAddress: "192.168.1.5" });
    expect(service.network).toBe("host");
    expect(env).toMatchObject({
      HOST: "127.0.0.1",
      METRICS_HOST: "127.0.0.1",
      LIVEKIT_HTTP_URL: "http://127.0.0.1:7880",
    });
  });

  test("of the stack, on a bridge: the API listens for what is published, and knows LiveKit by name", () => {
    const { service, env } = apiOf(dockerSettings(), { ...laptop, network: "bridge" });
    expect(service.network).toBe("stack");
    expect(env).toMatchObject({
      HOST: "0.0.0.0",
      METRICS_HOST: "0.0.0.0",
      LIVEKIT_HTTP_URL: "http://livekit:7880",
    });
  });
});

test("who is cut off, and the certificate, change without a restart of the API", () => {
  const { service, env } = apiOf(dockerSettings({ api: { blockedUsers: ["ann"] } }));
  const live = service.folders.filter((it) => it.live).flatMap((it) => it.files);
  expect(live).toEqual([
    { path: env.BLOCKED_USERS_FILE, mode: "0444", text: '["ann"]' },
    { path: env.CERTIFICATE_FILE, mode: "0444", late: "certificate" },
  ]);
  const other = apiOf(dockerSettings({ api: { blockedUsers: ["bob"] } })).service;
  expect(other.environment).toEqual(service.environment);
});

test("what the settings allow is what the API is told", () => {
  const { env } = apiOf(
    dockerSettings({
      api: {
        grants: { publish: false, rooms: ["team-*"] },
        userRequestsPerMinute: 7,
        addressRequestsPerMinute: 8,
        corsOrigins: ["https://app.example.com"],
      },
      keys: { rotations: ["2026-01-01"] },
    }),
  );
  expect(env).toMatchObject({
    ROOM_GRANTS: { publish: false, subscribe: true, rooms: ["team-*"] },
    USER_REQUESTS_PER_MINUTE: 7,
    ADDRESS_REQUESTS_PER_MINUTE: 8,
    CORS_ORIGINS: ["https://app.example.com"],
    KEY_GENERATION: 2,
  });
});
