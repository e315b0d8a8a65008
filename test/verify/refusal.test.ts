import { describe, expect, test } from "@jest/globals";
import { type Attempt, type Finding, LegFailure } from "../../verify/findings.ts";
import { mustFail } from "../../verify/refusal.ts";

const refuse = (finding: Finding) => () => Promise.reject(new LegFailure(finding));
const turn = (code: number): Finding => ({ kind: "refused", request: "Allocate", code });
const api = (status: number): Finding => ({ kind: "api-status", status });

describe("mustFail", () => {
  test.each<[Attempt, Finding]>([
    ["no-token", api(401)],
    ["wrong-password", turn(400)],
    ["wrong-password", turn(401)],
    ["expired-credential", turn(400)],
    ["metadata-permission", turn(403)],
    ["metadata-channel", turn(401)],
    ["metadata-channel", turn(403)],
  ])("is content when %s is answered with %j", async (attempt, finding) => {
    await expect(mustFail(attempt, refuse(finding))).resolves.toBeUndefined();
  });

  test.each<[Attempt, Finding, number]>([
    ["no-token", api(500), 500],
    ["wrong-password", turn(486), 486],
    ["expired-credential", turn(508), 508],
    ["metadata-permission", turn(400), 400],
  ])("does not take for a refusal that %s is answered with %j", async (attempt, finding, code) => {
    await expect(mustFail(attempt, refuse(finding))).rejects.toMatchObject({
      finding: { kind: "refused-otherwise", attempt, code },
    });
  });

  test("fails when the attempt succeeds", async () => {
    await expect(mustFail("no-token", async () => undefined)).rejects.toMatchObject({
      finding: { kind: "allowed", attempt: "no-token" },
    });
  });

  test("takes a success that is not signed for a success", async () => {
    const unsigned: Finding = { kind: "unsigned", request: "Allocate" };
    await expect(mustFail("wrong-password", refuse(unsigned))).rejects.toMatchObject({
      finding: { kind: "allowed", attempt: "wrong-password" },
    });
  });

  test("does not take silence for a refusal", async () => {
    const silence: Finding = { kind: "no-answer", transport: "udp", request: "Allocate" };
    await expect(mustFail("wrong-password", refuse(silence))).rejects.toMatchObject({
      finding: silence,
    });
  });
});
