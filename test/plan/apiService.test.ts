import { describe, expect, test } from "@jest/globals";
import type { Settings } from "../../config.ts";
import { makePlan } from "../../plan/makePlan.ts";
import { parseApiEnv } from "../../turn/apiEnv.ts";
import { dockerSettings, laptop } from "../support/plans.ts";
import { parseSettings } from "../../config.ts";

/** What a stack says of its demo page: where it is served, and from which of the API's files. */
function demoOf(settings: Settings) {
  const plan = makePlan(settings, laptop, "dev");
  const api = plan.services.find((it) => it.name === "api");
  const file = parseApiEnv(api?.environment ?? {}).DEMO_PAGE_FILE;
  const bundles = api?.folders
    .flatMap(({ files }) => files)
    .flatMap((it) => ("bundle" in it ? [{ path: it.path, bundle: it.bundle }] : []));
  return { url: plan.demoUrl, file, bundles };
}

describe("the demo page", () => {
  test("is served on this machine, from the file that its bundle becomes", () => {
    const { url, file, bundles } = demoOf(dockerSettings());
    expect(url).toBe("http://127.0.0.1:7890/demo");
    expect(bundles).toContainEqual({ path: file, bundle: "demoPage" });
  });

  test.each([
    { stack: "that switches it off", settings: dockerSettings({ api: { demo: false } }) },
    {
      stack: "on AWS",
      settings: parseSettings({ target: "aws", api: { jwtSecret: "x".repeat(32) } }),
    },
  ])("is not there on a stack $stack", ({ settings }) => {
    const { url, file, bundles } = demoOf(settings);
    expect({ url, file }).toEqual({ url: undefined, file: undefined });
    expect(bundles?.map(({ bundle }) => bundle)).toEqual(["api"]);
  });
});
