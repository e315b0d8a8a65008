import { describe, expect, test } from "@jest/globals";
import { requireDue, rotationNote } from "../../../scripts/commands/rotate.ts";
import { UserError } from "../../../scripts/userError.ts";
import { dockerSettings } from "../../support/plans.ts";

const once = dockerSettings({ keys: { rotations: ["2026-11-22"] } });

const told = (asked: Omit<Parameters<typeof requireDue>[0], "stack">): string => {
  try {
    requireDue({ stack: "prod", ...asked });
    return "";
  } catch (error) {
    return error instanceof UserError ? error.told() : String(error);
  }
};

describe("a rotation is refused when it would end what was handed out", () => {
  test("because the last one was less than the longest TTL ago; the earliest time is named", () => {
    expect(told({ settings: once, date: "2026-11-22T23:59:59Z", deployed: 2 })).toBe(
      'it is too early to rotate the keys of stack "prod": given 2026-11-22T23:59:59Z, wanted 2026-11-23T00:00:00Z or later: what the keys before it made lives for 86400 s (turn.credentialTtlSeconds)\n  run this again then',
    );
  });

  test("because the last one is not deployed", () => {
    expect(told({ settings: once, date: "2027-01-01T00:00:00Z", deployed: 1 })).toMatch(
      /are of generation 1, and its file already asks for 2: .*\n {2}deploy the one that is written: npm run up -- --stack prod$/,
    );
  });
});

describe("a rotation is due", () => {
  test.each([
    { settings: dockerSettings(), date: "2026-11-22T00:00:00Z", deployed: 1 },
    { settings: dockerSettings(), date: "2026-11-22T00:00:00Z", deployed: undefined },
    { settings: once, date: "2026-11-23T00:00:00Z", deployed: 2 },
    { settings: once, date: "2026-11-23T00:00:00Z", deployed: undefined },
  ])("$settings.keys.rotations, then $date, deployed $deployed", (asked) => {
    expect(told(asked)).toBe("");
  });
});

test("what was changed, what applies it, what it does to calls and when the next may be are told", () => {
  const note = rotationNote("prod", once, "2026-12-24T00:00:00Z");
  for (const part of [
    'Pulumi.prod.yaml: added "2026-12-24T00:00:00Z" to turnkey:keys.rotations',
    "only this script and revoke write that file",
    "Nothing is deployed yet. npm run up -- --stack prod",
    "makes keys of generation 3",
    "keeps those of generation 2 valid; what the keys of generation 1 made is refused",
    "restarts LiveKit and the API: calls pause",
    "2026-12-25T00:00:00Z at the earliest",
  ])
    expect(note).toContain(part);
});
