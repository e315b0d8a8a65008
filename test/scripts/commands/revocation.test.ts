import { afterEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { confirmRevocation } from "../../../scripts/commands/confirmRevocation.ts";
import {
  goesOnWithout,
  requireRevocable,
  revocation,
} from "../../../scripts/commands/revocation.ts";
import { revoke } from "../../../scripts/commands/revoke.ts";
import { readBackend } from "../../../scripts/pulumi/backend.ts";
import { project } from "../../../scripts/pulumi/project.ts";
import { UserError } from "../../../scripts/userError.ts";
import { dockerSettings } from "../../support/plans.ts";

const now = new Date("2030-01-01T12:00:00Z");
const rotated = (rotations: readonly string[], ...revoked: number[]) =>
  dockerSettings({ keys: { rotations, revoked } });
const twice = ["2029-01-01", "2029-12-31T00:00:00Z"];

const told = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return "";
  } catch (error) {
    return error instanceof UserError ? error.told() : String(error);
  }
};

describe("a generation is revoked only where something ends", () => {
  test.each([
    [rotated(twice), 3, 3, ""],
    [rotated(twice), 2, 3, ""],
    // The last rotation is not deployed: its keys have nothing yet, those before them have.
    [rotated(twice), 2, 2, ""],
    [
      rotated(twice),
      3,
      2,
      'generation 3 of stack "prod" is not deployed: its keys have made nothing yet\n  deploy it: npm run up -- --stack prod',
    ],
    [
      rotated(twice),
      4,
      3,
      'generation 4 of stack "prod" never was: its keys are of generation 3\n  revoke one that is valid: 3 or 2',
    ],
    [
      rotated(twice),
      1,
      3,
      'generation 1 of stack "prod" has ended with a rotation: valid are 3 and 2',
    ],
    [
      rotated(twice),
      1,
      2,
      'generation 1 of stack "prod" has ended with a rotation: valid are 3 and 2\n  the last rotation is not deployed yet: npm run up -- --stack prod',
    ],
    [
      rotated(twice, 2),
      2,
      3,
      'generation 2 of stack "prod" is revoked already\n  if that is not deployed yet: npm run up -- --stack prod',
    ],
  ])("%#", async (settings, generation, deployed, wanted) => {
    const asked = { stack: "prod", settings, generation, deployed };
    expect(await told(() => requireRevocable(asked))).toBe(wanted);
  });
});

/** The stack's file after a revocation, and what the revocation comes to. */
function afterwards(rotations: readonly string[], generation: number) {
  const { edits, ends, current } = revocation(rotated(rotations), generation, now);
  const text = edits.reduce<string | undefined>(
    (it, { change }) => it && change(it),
    `config:\n  turnkey:keys: { rotations: ${JSON.stringify(rotations)} }\n`,
  );
  return { keys: parse(text ?? "").config["turnkey:keys"], ends, current };
}

describe("the stack's file then says what the settings accept", () => {
  test("for the generation before", () => {
    expect(afterwards(twice, 2)).toEqual({
      keys: { rotations: twice, revoked: [2] },
      ends: [2],
      current: 3,
    });
  });

  test.each([
    { rotations: [], date: "2030-01-01T12:00:00Z", ends: [1] },
    { rotations: ["2030-01-01T11:59:00Z"], date: "2030-01-01T12:00:00Z", ends: [1, 2] },
    // In the future already, as nobody compares it with the clock.
    { rotations: ["2031-01-01"], date: "2031-01-01T00:00:01Z", ends: [1, 2] },
  ])("for the current one after $rotations", ({ rotations, date, ends }) => {
    const generation = rotations.length + 1;
    const { keys, ...rest } = afterwards(rotations, generation);
    expect(rest).toEqual({ ends, current: generation + 1 });
    expect(keys).toEqual({ rotations: [...rotations, date], revoked: [generation] });
    expect(dockerSettings({ keys }).keys).toEqual(keys);
  });
});

describe("what goes on is told", () => {
  test("with the generation before: what the current keys made, until it ends", () => {
    const [tokens, credentials, ...rest] = goesOnWithout(rotated(twice), 2, now);
    expect(tokens).toMatchObject({
      what: "room tokens of generation 3",
      until: "2030-01-02T12:01:10Z",
    });
    expect(tokens?.why).toContain("revoke generation 3 to end those too");
    expect(credentials).toMatchObject({
      what: "TURN credentials of generation 3",
      until: "2030-01-02T12:06:10Z",
    });
    expect(rest.map(({ what }) => what)).toEqual(["users' API tokens"]);
  });

  test("with the current one: nothing of this stack, but what other services gave", () => {
    const settings = dockerSettings({
      turn: { credentialTtlSeconds: 3_600 },
      api: {
        iceSources: [
          { kind: "livekit" },
          { kind: "cloudflare", keyId: "id", apiToken: "token" },
          { kind: "static", iceServers: [{ urls: ["stun:a.example:3478"] }] },
          { kind: "stun", urls: ["stun:b.example:3478"] },
        ],
      },
    });
    expect(goesOnWithout(settings, 1, now)).toEqual([
      { what: "users' API tokens", why: expect.any(String) },
      {
        what: "credentials of cloudflare",
        until: "2030-01-01T13:00:00Z",
        why: expect.any(String),
      },
      { what: "the user name and password of the static servers", why: expect.any(String) },
    ]);
  });
});

describe("nothing is done unasked", () => {
  const question = {
    stack: "prod",
    what: "cut off user ann",
    effects: ["the API refuses them"],
    args: "user ann",
  };
  const answered = (answer: string, { yes = false, terminal = true } = {}) =>
    told(() => confirmRevocation(question, { yes, terminal, ask: () => Promise.resolve(answer) }));

  test.each(["y", "Yes "])("%j is a yes", async (answer) =>
    expect(await answered(answer)).toBe(""),
  );
  test.each(["", "n", "yesterday"])("%j is none", async (answer) =>
    expect(await answered(answer)).toBe(
      "nothing was changed; to do it without being asked:\n  npm run revoke -- --stack prod user ann --yes",
    ),
  );
  test("without a terminal the command is told", async () =>
    expect(await answered("y", { terminal: false })).toMatch(
      /there is no terminal: nothing was changed\n {2}npm run revoke -- --stack prod user ann --yes$/,
    ));
  test("--yes asks nothing", async () =>
    expect(await answered("n", { yes: true, terminal: false })).toBe(""));
});

const asked = (args: readonly string[], undo = false) =>
  told(() =>
    revoke({
      args,
      undo,
      json: false,
      localState: false,
      stack: "no-such",
      yes: true,
      online: false,
    }),
  );

describe("what cannot be meant is refused", () => {
  test.each([
    [["key", "1"], "key cannot be revoked: wanted is generation or user"],
    [["generation", "0"], "0 is no generation of keys: wanted is a number from 1 on"],
    [["generation", "1.5"], "1.5 is no generation"],
    [["generation", "two"], "two is no generation"],
  ])("%j", async (args, wanted) => expect(await asked(args)).toContain(wanted));

  test("a generation to be let in again", async () =>
    expect(await asked(["generation", "1"], true)).toContain("--undo is for users"));
});

const revoking = (stack: string, args: readonly string[], localState: boolean) =>
  told(() =>
    revoke({ args, undo: false, json: false, localState, stack, yes: true, online: false }),
  );

describe("what deploys asks for what up asks for", () => {
  const before = process.env["PULUMI_BACKEND_URL"];
  afterEach(() => {
    if (before === undefined) delete process.env["PULUMI_BACKEND_URL"];
    else process.env["PULUMI_BACKEND_URL"] = before;
  });

  test.each(
    [
      ["user", "al ice"],
      ["generation", "1"],
    ].map((args) => ({ args })),
  )(
    "$args of a stack in a cloud is refused where its state lies on this machine",
    async ({ args }) => {
      const own = readBackend(project, {});
      process.env["PULUMI_BACKEND_URL"] = own.owner === "turnkey" ? own.url : "";
      const text = await revoking("prod", args, false);
      expect(text).toContain('the state of stack "prod" would lie on this machine alone');
      expect(text).toMatch(
        /npm run revoke -- --stack prod (?:user 'al ice'|generation 1) --local-state$/,
      );
    },
  );

  test("--local-state is refused for a stack on this machine", async () => {
    expect(await revoking("dev", ["user", "alice"], true)).toContain("is for target aws");
  });
});
