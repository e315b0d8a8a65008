import { expect, test } from "@jest/globals";
import { haproxyImage, nodeImage } from "../../plan/images.ts";
import { laptop } from "../support/plans.ts";

const local = { reference: "local/image:1.2.3", version: "1.2.3" };
const built = { ...laptop, localImages: { node: local, haproxy: local } };

test.each([
  ["HAProxy", haproxyImage, /^haproxy:2\.6\.\d+-alpine$/],
  ["Node", nodeImage, /^node:24\.\d+\.\d+-bookworm-slim$/],
])(
  "%s runs from the settings' image, else from this machine's, else from the pinned one",
  (_, image, pinned) => {
    expect(image("mine/image:1", built)).toBe("mine/image:1");
    expect(image(undefined, built)).toBe(local.reference);
    expect(image(undefined, laptop)).toMatch(pinned);
  },
);
