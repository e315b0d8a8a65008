import { expect, test } from "@jest/globals";
import { imageReference, isOlder, versionOf } from "../../../policy/subjects/imageReference.ts";

const DIGEST = `sha256:${"0".repeat(64)}`;

test.each([
  ["coturn", { name: "coturn", tag: undefined, digest: undefined }],
  ["coturn/coturn:4.17.1", { name: "coturn", tag: "4.17.1", digest: undefined }],
  ["localhost:5000/coturn", { name: "coturn", tag: undefined, digest: undefined }],
  ["localhost:5000/a/coturn:1", { name: "coturn", tag: "1", digest: undefined }],
  [`a/coturn:1@${DIGEST}`, { name: "coturn", tag: "1", digest: DIGEST }],
  [DIGEST, { name: "", tag: undefined, digest: DIGEST }],
  ["coturn@latest", { name: "coturn", tag: undefined, digest: undefined }],
])("%s is read", (text, parts) => {
  expect(imageReference(text)).toEqual(parts);
});

test.each([
  ["v1.13.11", "1.13.11"],
  ["4.17.1-r0", "4.17.1"],
  ["4.6.1+dfsg", "4.6.1"],
  ["1.13", undefined],
  ["latest", undefined],
  ["1.13.11x", undefined],
])("the version of tag %s is %s", (tag, version) => {
  expect(versionOf(tag)).toBe(version);
});

test("versions are compared by their parts", () => {
  const ascending = ["1.9.9", "1.13.5", "1.13.9", "1.13.10", "2.0.0"];
  expect(ascending.toSorted((a, b) => (isOlder(a, b) ? -1 : 1))).toEqual(ascending);
  expect(isOlder("1.13.10", "1.13.10")).toBe(false);
});
