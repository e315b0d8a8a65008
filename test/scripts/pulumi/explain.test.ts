import { describe, expect, test } from "@jest/globals";
import { explain, type Circumstances } from "../../../scripts/pulumi/explain.ts";

const ours: Circumstances = {
  stack: "dev",
  backend: { owner: "turnkey", folder: "/data/backend", url: "file:///data/backend" },
  passphrase: { owner: "turnkey", file: "/data/passphrase" },
};
const given = {
  ...ours,
  passphrase: { owner: "user", variable: "PULUMI_CONFIG_PASSPHRASE_FILE" },
} as const;

describe("a wrong passphrase", () => {
  const text =
    "error: getting stack configuration: get stack secrets manager: incorrect passphrase";

  test("names our file", () => {
    expect(explain(text, ours)?.message).toBe(
      'wrong passphrase: the one in /data/passphrase is not what stack "dev" was encrypted with',
    );
  });

  test("names the user's variable, and on our backend the way back to ours", () => {
    expect(explain(text, given)?.message).toContain("the one in PULUMI_CONFIG_PASSPHRASE_FILE");
    expect(explain(text, given)?.mend).toContainEqual(
      expect.stringMatching(/^or unset PULUMI_CONFIG_PASSPHRASE_FILE/),
    );
    const theirs = { ...given, backend: { owner: "user", chosenBy: "pulumi login" } } as const;
    expect(explain(text, theirs)?.mend).toHaveLength(1);
  });
});

test.each([
  [
    "unable to pull image livekit/livekit-server:v1.13.11: error pulling image livekit/livekit-server:v1.13.11: no such host",
    "the image livekit/livekit-server:v1.13.11 cannot be had",
  ],
  ["unable to find or pull image node:24", "the image node:24 cannot be had"],
  ["Error response from daemon: No such image: node:24", "the image node:24 cannot be had"],
  [
    'image "node:24" is not on this machine and cannot be pulled: no such host - mend',
    "the image node:24 cannot be had",
  ],
  [
    "driver failed: Bind for 127.0.0.1:7890 failed: port is already allocated",
    "port 7890 was taken while the stack was being deployed",
  ],
  ["container failed to be in healthy state", "a container was started and did not become healthy"],
  [
    "failed to load checkpoint: place 1: unexpected end of JSON input",
    'the state of stack "dev" is damaged, as a full disk leaves it',
  ],
  [
    "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or",
    'another update of stack "dev" has begun meanwhile, or one was killed',
  ],
  [
    "[409] Conflict: Another update is currently in progress.",
    'another update of stack "dev" has begun meanwhile, or one was killed',
  ],
  [
    "blob (key dev.json) (code=Unknown): write /data/backend/.pulumi/dev.json: no space left on device",
    "the disk that holds /data/backend is full: the state could not be written",
  ],
])("%s is explained", (text, message) => {
  const told = explain(`1 error occurred:\n\t* ${text}\n`, ours);
  expect(told?.message).toBe(message);
  expect(told?.mend).not.toHaveLength(0);
});

test("what we know nothing about is left to Pulumi's own words", () => {
  expect(explain("error: the sky is falling", ours)).toBeUndefined();
});
