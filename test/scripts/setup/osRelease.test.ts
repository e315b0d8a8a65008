import { expect, test } from "@jest/globals";
import { isDebianLike } from "../../../scripts/setup/osRelease.ts";

test.each([
  ['ID=debian\nVERSION_ID="12"\n', true],
  ["ID=ubuntu\nID_LIKE=debian\n", true],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', true],
  ['ID="fedora"\n', false],
  ["VERSION_ID=debian\n", false],
  ["", false],
])("%j is Debian or made of it: %j", (text, is) => {
  expect(isDebianLike(text)).toBe(is);
});
