import { afterAll, describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerEndpoint } from "../../machine/dockerHost.ts";

const HOME = mkdtempSync(join(tmpdir(), "turnkey-docker-host-"));
afterAll(() => rmSync(HOME, { recursive: true }));

const folder = join(HOME, ".docker");
mkdirSync(folder);
writeFileSync(join(folder, "config.json"), JSON.stringify({ currentContext: "rootless" }));
context("rootless", "unix:///run/user/1000/docker.sock");
context("far", "ssh://build@far");

function context(name: string, Host: string) {
  const id = createHash("sha256").update(name).digest("hex");
  const meta = join(folder, "contexts", "meta", id);
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, "meta.json"), JSON.stringify({ Endpoints: { docker: { Host } } }));
}

const nobody = { HOME: join(HOME, "nobody") };

describe("the engine is found as the docker CLI finds it", () => {
  test.each([
    [
      "DOCKER_HOST before all",
      { HOME, DOCKER_HOST: "tcp://127.0.0.1:2375" },
      "tcp://127.0.0.1:2375",
    ],
    ["a host and port without scheme", { HOME, DOCKER_HOST: "127.0.0.1:1" }, "tcp://127.0.0.1:1"],
    ["the current context", { HOME }, "unix:///run/user/1000/docker.sock"],
    [
      "DOCKER_CONTEXT before it",
      { HOME, DOCKER_CONTEXT: "default" },
      "unix:///var/run/docker.sock",
    ],
    [
      "DOCKER_CONFIG's folder",
      { ...nobody, DOCKER_CONFIG: folder },
      "unix:///run/user/1000/docker.sock",
    ],
    ["the platform's socket", nobody, "unix:///var/run/docker.sock"],
  ])("%s", (_, env, url) => {
    expect(dockerEndpoint(env, "linux").url).toBe(url);
  });

  test("Windows has a named pipe", () => {
    expect(dockerEndpoint(nobody, "win32").url).toBe("npipe:////./pipe/docker_engine");
  });
});

describe("an engine that cannot be used is named with the mend", () => {
  test.each([
    [
      "ssh",
      { HOME, DOCKER_HOST: "ssh://far" },
      /^DOCKER_HOST is "ssh:\/\/far"; wanted is unix.* - forward the socket/,
    ],
    [
      "ssh in a context",
      { HOME, DOCKER_CONTEXT: "far" },
      /^docker context "far" is "ssh:\/\/build@far"/,
    ],
    [
      "TLS",
      { HOME, DOCKER_HOST: "tcp://a:2376", DOCKER_TLS_VERIFY: "1" },
      / - unset DOCKER_TLS_VERIFY/,
    ],
    [
      "an unknown scheme",
      { HOME, DOCKER_HOST: "fd://3" },
      / - set DOCKER_HOST to the engine's socket$/,
    ],
    [
      "a missing context",
      { HOME, DOCKER_CONTEXT: "gone" },
      /^DOCKER_CONTEXT names the docker context "gone"/,
    ],
  ])("%s", (_, env, message) => {
    expect(() => dockerEndpoint(env, "linux")).toThrow(message);
  });

  test("a config.json that is no JSON", () => {
    const broken = mkdtempSync(join(HOME, "broken-"));
    writeFileSync(join(broken, "config.json"), "{");
    expect(() => dockerEndpoint({ HOME, DOCKER_CONFIG: broken })).toThrow(
      /config\.json holds no JSON - /,
    );
  });
});
