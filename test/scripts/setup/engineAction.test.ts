import { describe, expect, test } from "@jest/globals";
import { EngineError } from "../../../machine/engineError.ts";
import type { EngineErrorKind } from "../../../machine/engineError.ts";
import { engineAction, likelyCause } from "../../../scripts/setup/engineAction.ts";
import type { EngineFacts } from "../../../scripts/setup/engineAction.ts";

const error = (kind: EngineErrorKind) => new EngineError(kind, "no engine is there", "start it");

const debian = 'ID=debian\nVERSION_ID="12"\n';
const facts: EngineFacts = {
  error: error("missing"),
  isDefault: true,
  platform: "linux",
  osRelease: debian,
  systemd: false,
  dockerd: false,
  own: false,
};

describe("without an answer", () => {
  test.each<[string, Partial<EngineFacts>, string]>([
    ["an engine is installed on Debian", {}, "install"],
    ["an installed one is started by systemd", { dockerd: true, systemd: true }, "start-service"],
    ["an installed one is started as a process without systemd", { dockerd: true }, "start-daemon"],
    [
      "a socket nobody listens on is no obstacle",
      { dockerd: true, error: error("refused") },
      "start-daemon",
    ],
    ["one of ours that is still starting is waited for", { dockerd: true, own: true }, "wait"],
    [
      "an installed one is started on other systems, too",
      { dockerd: true, osRelease: "ID=fedora" },
      "start-daemon",
    ],
  ])("%s", (_, changes, action) => {
    expect(engineAction({ ...facts, ...changes })).toBe(action);
  });

  test.each<[string, Partial<EngineFacts>, string, RegExp]>([
    [
      "an engine that the user named is not replaced",
      { isDefault: false },
      "no engine is there",
      /^start it$/,
    ],
    [
      "one that may not be used is not replaced",
      { error: error("forbidden"), dockerd: true },
      "no engine is there",
      /^start it$/,
    ],
    [
      "one that hangs is not replaced",
      { error: error("silent") },
      "no engine is there",
      /^start it$/,
    ],
    [
      "other Linux systems get the vendor's page",
      { osRelease: "ID=fedora" },
      "Docker Engine is not installed, and Turnkey installs it only on Debian and Ubuntu",
      /docs\.docker\.com\/engine\/install/,
    ],
    [
      "macOS gets the vendor's page",
      { platform: "darwin", osRelease: "" },
      "no engine is there",
      /docs\.docker\.com\/desktop/,
    ],
  ])("%s", (_, changes, message, mend) => {
    expect(() => engineAction({ ...facts, ...changes })).toThrow(
      expect.objectContaining({
        message,
        mend: expect.arrayContaining([expect.stringMatching(mend)]),
      }),
    );
  });
});

test.each([
  ["failed to start daemon: pid file found, ensure docker is not running", /another dockerd/],
  ['exec: "iptables": executable file not found in $PATH', /iptables is missing/],
  ["failed to start daemon: Devices cgroup isn't mounted", /control groups/],
  ["mkdir /var/lib/docker: no space left on device", /disk is full/],
  ["Error initializing network controller: operation not permitted", /--privileged/],
])("a daemon that ends with %j gives its cause away", (line, cause) => {
  expect(likelyCause(["something else", line])).toMatch(cause);
});

test("a daemon that ends with nothing known has no likely cause", () => {
  expect(likelyCause(["goodbye"])).toBeUndefined();
});
