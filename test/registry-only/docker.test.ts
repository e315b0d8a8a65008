import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { dockerKinds } from "../../registry-only/docker/dockerKinds.ts";
import { objectAt, recorded, substance } from "../support/recording.ts";
import type { JsonObject } from "../support/recording.ts";
import { replay } from "../support/replay.ts";
import type { Replay } from "../support/replay.ts";

const noEngine: DockerEngine = {
  endpoint: { url: "unix:///nowhere", source: "this test" },
  ping: () => Promise.reject(new Error("no engine is needed here")),
  json: (method, path) => Promise.reject(new Error(`unexpected ${method} ${path}`)),
  raw: (method, path) => Promise.reject(new Error(`unexpected ${method} ${path}`)),
};

/** What is planned, less the notes of Terraform's SDK to itself. */
const planned = (answer: JsonObject) =>
  substance({ ...objectAt(answer, "properties"), __meta: null });

let provider: Replay;
beforeAll(async () => {
  const kinds = dockerKinds(noEngine);
  provider = await replay({ name: "docker", version: "5.2.0", bridge: "sdk2", kinds });
});
afterAll(() => provider.close());

// Where a change is really made or read, an engine is needed: test/real/recordedDocker.test.ts.
const rows = recorded("docker");

describe("the stand-in for docker answers as the official plugin did", () => {
  const exact = rows.filter((row) => ["Configure", "Check", "Diff"].includes(row.method));
  test.each(exact)("$method $request.type in $run, row $index", async (row) => {
    expect(await provider.call(row.method, row.request)).toEqual(row.response);
  });

  const previews = rows.filter((row) => row.request["preview"] === true);
  test.each(previews)("the preview of $method in $run, row $index", async (row) => {
    const answer = await provider.call(row.method, row.request);
    expect(planned(answer)).toEqual(planned(row.response));
  });
});
