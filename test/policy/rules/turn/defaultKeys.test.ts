import { describe, expect, test } from "@jest/globals";
import {
  complainers,
  complaints,
  livekitYaml,
  uploads,
  withTop,
  withService,
  withCoturn,
} from "../../subjects/samples.ts";

const KEYS = "0123456789abcdef0123456789abcdef";

describe("keys that a manual prints", () => {
  test.each([
    ["LiveKit's for development", withTop({ keys: { devkey: "secret" } })],
    ["LiveKit's sample", withTop({ keys: { key1: KEYS } })],
    ["in the environment", withService({ environment: { LIVEKIT_KEYS: "devkey: secret" } })],
    ["on the command line", withService({ command: ["--keys", "devkey: secret"] })],
    ["coturn's sample", withCoturn({ "static-auth-secret": "north" })],
    [
      "in a file of keys",
      [
        uploads({
          "/etc/livekit/livekit.yaml": livekitYaml(),
          "/etc/livekit/keys.yaml": `devkey: ${KEYS}`,
        }),
      ],
    ],
  ])("%s are found", (_, resources) => {
    expect(complainers(resources)).toContain("turn-default-keys");
  });

  test("no secret is repeated", () => {
    const found = complaints(withTop({ keys: { APIkey: "Xq3short" } }));
    expect(found.map((it) => it.split(":")[0])).toEqual([
      "turn-keys-in-files",
      "turn-secret-length",
    ]);
    expect(found.join()).not.toContain("Xq3short");
  });
});
