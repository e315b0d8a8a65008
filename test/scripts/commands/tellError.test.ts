import { expect, test } from "@jest/globals";
import { EngineError } from "../../../machine/engineError.ts";
import { tellError } from "../../../scripts/commands/tellError.ts";
import { UserError } from "../../../scripts/userError.ts";

function told(error: unknown): unknown {
  let text: unknown;
  tellError(error, (it) => {
    text = it;
  });
  return text;
}

test("what the user can mend is told without a stack, a bug with it", () => {
  expect(told(new UserError("wrong", ["mend it"]))).toBe("wrong\n  mend it");
  expect(told(new EngineError("refused", "no engine", "start it"))).toBe("no engine\n  start it");
  const full = Object.assign(new Error("ENOSPC: no space left on device, open '/tmp/it'"), {
    code: "ENOSPC",
  });
  expect(told(full)).toBe(
    "a disk is full: ENOSPC: no space left on device, open '/tmp/it'\n  make room (df -h shows which disk), then run this again",
  );
  const bug = new TypeError("x is undefined");
  expect(told(bug)).toBe(bug);
});
