import { expect, test } from "@jest/globals";
import { tmpdir } from "node:os";
import { isFull, requireRoom } from "../../../scripts/pulumi/requireRoom.ts";

const ours = (folder: string) => ({
  backend: { owner: "turnkey", folder, url: "file:///it" } as const,
  env: {},
});
const theirs = { backend: { owner: "user", chosenBy: "pulumi login" } as const, env: {} };

test("without the room that is needed the error names the folder, what is free, and the mend", () => {
  expect(() => requireRoom(ours(tmpdir()), 2 ** 60)).toThrow(
    new RegExp(
      `^the disk that holds ${tmpdir()} is full: \\d+ MiB are free, and the state takes up to 1099511627776 MiB`,
    ),
  );
});

test("there is room on a disk that has it, in a folder still to be made and on a backend that is none", () => {
  for (const place of [ours(tmpdir()), ours("/no/such/folder"), theirs]) {
    requireRoom(place, 1);
    expect(isFull(place)).toBe(false);
  }
});
