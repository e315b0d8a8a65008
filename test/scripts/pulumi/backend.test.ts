import { describe, expect, test } from "@jest/globals";
import { chooseBackend, type BackendSources } from "../../../scripts/pulumi/backend.ts";

const nothing: BackendSources = {
  env: { HOME: "/home/alice", XDG_DATA_HOME: "/data" },
  credentials: undefined,
  project: "name: turnkey\nruntime: nodejs\n",
};
const withEnv = (env: Record<string, string>) => ({ ...nothing, env: { ...nothing.env, ...env } });

const ours = {
  owner: "turnkey",
  folder: "/data/turnkey/backend",
  url: "file:///data/turnkey/backend",
};

describe("a user without a login gets our file backend", () => {
  test.each<[string, BackendSources]>([
    ["nothing is said anywhere", nothing],
    ["Pulumi was logged out", { ...nothing, credentials: '{"accessTokens": {}}' }],
    ["the credentials file is empty", { ...nothing, credentials: "" }],
    ["npm run env was evaluated", withEnv({ PULUMI_BACKEND_URL: ours.url })],
    ["variables are set to nothing", withEnv({ PULUMI_BACKEND_URL: "", PULUMI_ACCESS_TOKEN: "" })],
    ["there is no Pulumi.yaml", { ...nothing, project: undefined }],
  ])("when %s", (_case, sources) => {
    expect(chooseBackend(sources)).toEqual(ours);
  });
});

describe("a backend the user chose is left alone", () => {
  test.each<[string, BackendSources]>([
    ["PULUMI_BACKEND_URL", withEnv({ PULUMI_BACKEND_URL: "s3://state" })],
    [
      "backend in Pulumi.yaml",
      { ...nothing, project: "name: turnkey\nbackend: {url: 's3://state'}\n" },
    ],
    ["pulumi login", { ...nothing, credentials: '{"current": "https://api.pulumi.com"}' }],
    ["pulumi login", { ...nothing, credentials: '{"$pulumiSecureStore": 1, "data": "x"}' }],
    ["pulumi login", { ...nothing, credentials: "{ not JSON" }],
    ["PULUMI_ACCESS_TOKEN", withEnv({ PULUMI_ACCESS_TOKEN: "pul-1" })],
  ])("when %s names it", (chosenBy, sources) => {
    expect(chooseBackend(sources)).toEqual({ owner: "user", chosenBy });
  });

  test("and the environment wins over a login", () => {
    const sources = {
      ...withEnv({ PULUMI_BACKEND_URL: ours.url }),
      credentials: '{"current": "https://api.pulumi.com"}',
    };
    expect(chooseBackend(sources)).toEqual(ours);
  });
});

test("a space in the folder's name is escaped in the URL", () => {
  expect(chooseBackend(withEnv({ XDG_DATA_HOME: "/my data" }))).toMatchObject({
    folder: "/my data/turnkey/backend",
    url: "file:///my%20data/turnkey/backend",
  });
});
