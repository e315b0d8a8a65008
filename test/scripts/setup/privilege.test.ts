import { describe, expect, jest, test } from "@jest/globals";
import {
  agree,
  findProgram,
  mayBeRoot,
  privilege,
  saidYes,
} from "../../../scripts/setup/privilege.ts";
import type { Consent, Privilege } from "../../../scripts/setup/privilege.ts";

const question = { problem: "Docker Engine is not installed", commands: ["apt-get install x"] };
const root: Consent = {
  yes: false,
  terminal: true,
  privilege: [],
  ask: async () => "y",
  unlockSudo: () => true,
};
const mend = (...lines: string[]) =>
  expect.objectContaining({ message: question.problem, mend: lines });

describe("consent", () => {
  test("is asked for on a terminal, with the exact command", async () => {
    const ask = jest.fn(root.ask);
    await agree(question, { ...root, privilege: ["sudo"], ask });
    expect(ask.mock.calls[0]?.[0]).toMatch(
      /not installed\. Run this now\?\n {2}sudo apt-get install x\n/,
    );
  });

  test.each(["", "n", "yo", "ja"])(
    "is not given by %j, and the command is told",
    async (answer) => {
      await expect(agree(question, { ...root, ask: async () => answer })).rejects.toEqual(
        mend("nothing was changed; to do it by hand, run:", "apt-get install x"),
      );
    },
  );

  test("is never asked for after --yes", async () => {
    const ask = jest.fn(root.ask);
    await agree(question, { ...root, yes: true, terminal: false, ask });
    expect(ask).not.toHaveBeenCalled();
  });

  test("cannot be given without a terminal: the exact command and --yes are told", async () => {
    await expect(
      agree(question, { ...root, terminal: false, privilege: ["sudo"] }),
    ).rejects.toEqual(
      mend(
        "without a terminal nothing is asked: add `-- --yes`, or run:",
        "sudo apt-get install x",
      ),
    );
  });

  test.each<[string, Partial<Consent>, string[]]>([
    ["root needs nothing before its commands", {}, []],
    ["others go through a sudo that asks no more", { privilege: ["sudo"] }, ["sudo", "-n"]],
  ])("%s", async (_, changes, before) => {
    expect(await agree(question, { ...root, ...changes })).toEqual(before);
  });

  test.each<[string, Partial<Consent>]>([
    ["without root and sudo", { privilege: undefined, yes: true }],
    ["when sudo refuses", { privilege: ["sudo"], unlockSudo: () => false }],
  ])("is of no use %s", async (_, changes) => {
    await expect(agree(question, { ...root, ...changes })).rejects.toThrow(question.problem);
  });
});

test.each([
  [false, {}, false],
  [true, {}, true],
  [false, { CI: "true" }, true],
  [false, { CI: "false" }, false],
  [false, { CI: "" }, false],
])("--yes %j with %j says yes: %j", (yes, env, said) => {
  expect(saidYes(yes, env)).toBe(said);
});

test.each([
  [0, "/usr/bin/sudo", []],
  [1000, "/usr/bin/sudo", ["sudo"]],
  [1000, undefined, undefined],
])("user %d with sudo at %s puts %j before a command", (uid, sudo, before) => {
  expect(privilege(uid, sudo)).toEqual(before);
});

test("system tools are found though PATH lacks their folders", () => {
  expect(findProgram("chroot", "/nowhere")).toMatch(/\/sbin\/chroot$/);
  expect(findProgram("no-such-program", "/nowhere")).toBeUndefined();
});

test.each<[string, Privilege, boolean]>([
  ["root needs no sudo", [], true],
  ["without sudo nobody else becomes root", undefined, false],
])("%s", (_, before, may) => {
  expect(mayBeRoot(before)).toBe(may);
});
