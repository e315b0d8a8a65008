import { describe, expect, test } from "@jest/globals";
import type { PackConfig } from "../../../../policy/judge.ts";
import { atPreview, type Props, resource, UNKNOWN_AT_PREVIEW } from "../../../support/policy.ts";
import {
  complainers,
  complaints,
  container,
  COTURN_IMAGE,
  document,
  LIVEKIT_IMAGE,
  livekitService,
  media,
} from "../../subjects/samples.ts";

const image = (name: string) =>
  resource(
    "docker:index/remoteImage:RemoteImage",
    { name, imageId: "sha256:1" },
    { name: "image" },
  );
const versions = (config: Props): PackConfig => ({ "turn-minimum-versions": config });

/** LiveKit from before the quota, which is set all the same. */
const oldWithQuota = (limit: number | undefined) =>
  document([
    livekitService(
      { turn: { per_user_relay_allocation_limit: limit } },
      { image: "livekit/livekit-server:1.13.5" },
    ),
  ]);

describe("versions", () => {
  test.each([
    ["livekit/livekit-server:v1.13.9", "known holes"],
    ["livekit/livekit-server:latest", "cannot be told"],
    ["livekit/livekit-server", "cannot be told"],
    [`livekit/livekit-server@sha256:${"0".repeat(64)}`, "cannot be told"],
    ["coturn/coturn:4.13.0", "known holes"],
    ["coturn/coturn:4.6.1-alpine", "known holes"],
    ["registry:5000/mirror/coturn:4.9", "cannot be told"],
  ])("%s is found", (name, seen) => {
    const found = complaints([container({ image: name })]).filter((it) =>
      it.startsWith("turn-minimum"),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(seen);
  });

  test.each([
    LIVEKIT_IMAGE,
    "livekit/livekit-server:v1.13.10",
    "a/livekit-server:2.0.0",
    COTURN_IMAGE,
    "nginx:1.0.0",
  ])("%s passes", (name) => {
    expect(complainers([container({ image: name })])).not.toContain("turn-minimum-versions");
  });

  test("an image by its id has the version of the resource that brings it, by what made it or by its id", () => {
    const old = image("turnkey.local/livekit-server:1.13.5");
    const byId = container({ image: "sha256:1", entrypoints: ["/livekit-server"] });
    const made = resource(
      byId.type,
      { ...byId.props, image: "sha256:2" },
      { dependencies: { image: [old] } },
    );
    const late = atPreview(
      resource(
        byId.type,
        { ...byId.props, image: UNKNOWN_AT_PREVIEW },
        { dependencies: { image: [old] } },
      ),
    );
    for (const it of [byId, made, late]) {
      expect(complaints([old, it]).join()).toContain("turnkey.local/livekit-server:1.13.5");
      expect(complaints([image(LIVEKIT_IMAGE), it])).toEqual([]);
      expect(complaints([old, it], versions({ development: true }))).toEqual([]);
    }
  });

  test("an image by its id is LiveKit's where its resource says so", () => {
    const old = image("livekit/livekit-server:v1.13.9");
    const late = atPreview(
      resource(
        "docker:index/container:Container",
        { ...container().props, image: UNKNOWN_AT_PREVIEW },
        { dependencies: { image: [old] } },
      ),
    );
    expect(complainers([old, late])).toEqual(["turn-minimum-versions"]);
  });

  test("one by an id that nothing brings cannot be told, one that is not known yet is judged later", () => {
    const lone = { entrypoints: ["/livekit-server"] };
    expect(complaints([container({ ...lone, image: "sha256:1" })]).join()).toContain(
      "cannot be told",
    );
    expect(complaints([atPreview(container({ ...lone, image: UNKNOWN_AT_PREVIEW }))])).toEqual([]);
  });

  test("development has a floor of its own, and each is settable", () => {
    const old = [container({ image: "livekit/livekit-server:1.13.4" })];
    expect(complainers(old, versions({ development: true }))).toEqual(["turn-minimum-versions"]);
    expect(complainers(old, versions({ livekit: "1.13.4" }))).toEqual([]);
    expect(
      complainers([container({ image: COTURN_IMAGE })], versions({ coturn: "4.18.0" })),
    ).toContain("turn-minimum-versions");
  });

  test("a LiveKit from before the quota need not have one, and may not turn it off", () => {
    const inDevelopment = versions({ development: true });
    expect(complaints([oldWithQuota(undefined), media], inDevelopment)).toEqual([]);
    expect(complainers([oldWithQuota(0), media], inDevelopment)).toEqual(["turn-allocation-quota"]);
  });
});
