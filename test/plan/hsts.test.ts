import { describe, expect, test } from "@jest/globals";
import { wantsHsts } from "../../plan/hsts.ts";
import type { Plan } from "../../plan/plan.ts";
import { devPlan, prodPlan } from "../support/plans.ts";

test.each<[readonly string[], boolean, boolean]>([
  [["media.example.org"], false, true],
  [["media.example.org"], true, false],
  [["localhost"], false, false],
  [["media.example.org", "turnkey.localhost"], false, false],
  [[], false, false],
])("for %j with a CA of our own: %p, HTTPS for good: %p", (dns, ownCa, wanted) => {
  expect(wantsHsts({ dns }, { ownCa })).toBe(wanted);
});

const config = ({ services }: Plan) =>
  services
    .flatMap(({ folders }) => folders.flatMap(({ files }) => files))
    .flatMap((it) => ("text" in it && it.path.endsWith("haproxy.cfg") ? [it.text] : []))
    .join();

describe("the edge", () => {
  const line = 'http-after-response set-header Strict-Transport-Security "max-age=31536000"';
  const domain = "turn.example.org";
  const certificate = { chainFile: "chain.pem", keyFile: "key.pem" };

  test.each<[string, boolean, () => Plan]>([
    ["a node with a name", true, () => prodPlan({ turn: { domain } })],
    ["a node with an address alone", false, () => prodPlan()],
    ["this machine", false, () => devPlan()],
    ["this machine with a name and the local CA", false, () => devPlan({ turn: { domain } })],
    [
      "this machine with a name and a given certificate",
      true,
      () => devPlan({ turn: { domain }, certificate }),
    ],
  ])("of %s tells it on every answer: %p", (_, told, plan) => {
    expect(config(plan()).includes(line)).toBe(told);
  });
});
