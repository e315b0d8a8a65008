import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { dockerKinds } from "../../registry-only/docker/dockerKinds.ts";
import { recorded } from "../support/recording.ts";
import { replay } from "../support/replay.ts";
import type { Replay } from "../support/replay.ts";

const noEngine: DockerEngine = {
  endpoint: { url: "unix:///nowhere", source: "this test" },
  ping: () => Promise.reject(new Error("no engine is needed here")),
  json: (method, path) => Promise.reject(new Error(`unexpected ${method} ${path}`)),
  raw: (method, path) => Promise.reject(new Error(`unexpected ${method} ${path}`)),
};

let provider: Replay;
beforeAll(async () => {
  const kinds = dockerKinds(noEngine);
  provider = await replay({ name: "docker", version: "5.2.0", bridge: "sdk2", kinds });
});
afterAll(() => provider.close());

const networkToken = "docker:index/network:Network";
const network = "up,noop,replace,replace2,replace3,refresh,refresh0,mend,preview,destroy";
const container =
  "up,noop,noop2,noop3,swap,upd,updnoop,updrefresh,refresh0,stopped-refresh,stopped-up,rm-refresh,rm-up," +
  "v-caps,v-env,v-grace,v-health,v-health60,v-init,v-label,v-memory,v-nohost,v-nolabels,v-nolog," +
  "v-portsorder,v-restart,v-tmpfs";
const rows = recorded(
  "docker",
  ...network.split(",").map((run) => `random-network.${run}`),
  ...container.split(",").map((run) => `container.${run}`),
);

describe("the stand-in for docker answers as the official plugin did", () => {
  const exact = rows.filter((row) => ["Configure", "Check", "Diff"].includes(row.method));
  test.each(exact)("$method $request.type in $run, row $index", async (row) => {
    expect(await provider.call(row.method, row.request)).toEqual(row.response);
  });

  const previews = rows.filter(
    (row) => row.request["preview"] === true && row.request["type"] === networkToken,
  );
  test.each(previews)("the preview of $method in $run, row $index", async (row) => {
    expect(await provider.call(row.method, row.request)).toEqual(row.response);
  });
});
