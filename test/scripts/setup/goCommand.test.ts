import { expect, test } from "@jest/globals";
import { buildMark, builtCommand } from "../../../scripts/setup/goCommand.ts";
import { versions } from "../../../scripts/setup/versions.ts";

const { lego, livekit } = versions.builds;

test("what was built of a module lies where no other module's is", () => {
  expect(builtCommand(livekit)).toMatch(/livekit-livekit-server-1\.13\.5-\w{8}$/);
  expect(buildMark(livekit)).not.toBe(buildMark({ ...livekit, checksum: lego.checksum }));
});

test("another file of ours in it makes another build", () => {
  const [path] = Object.keys(lego.replaced);
  const marks = [lego, { ...lego, replaced: { [path ?? ""]: "lego.ts" } }].map(buildMark);
  expect(new Set([...marks, buildMark({ ...lego, replaced: {} })]).size).toBe(3);
});
