import { expect, test } from "@jest/globals";
import { documentLeg } from "../../verify/documentLeg.ts";
import { applied, applying, refused, report } from "../support/readyNode.ts";
import { contextFor, stack } from "./stack.ts";

const cloud = {
  region: "eu-central-1",
  instanceId: "i-1",
  logGroup: "/turnkey/prod",
  alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:turnkey-prod",
  bucket: "turnkey-prod",
  documentVersion: "v2",
  names: [],
};

/** The leg of a stack whose `/readyz` answers that. */
async function legOf(body: string, status = 200, outputs = stack({ cloud })) {
  const asked: string[] = [];
  const legs = await documentLeg({
    ...contextFor(outputs),
    fetch: async (url) => {
      asked.push(url);
      return new Response(body, { status });
    },
  });
  return { leg: legs[0], asked };
}

test("passes when the node runs what was deployed, however else it is", async () => {
  const { leg, asked } = await legOf(report("not ready", {}, applied("v2")), 503);
  expect(leg).toMatchObject({ name: "the node runs what was deployed", ok: true });
  expect(leg?.na).toBeUndefined();
  expect(asked).toEqual(["http://127.0.0.1:1/readyz"]);
});

test.each([
  ["an older document runs", applied("v1"), /last told v1/],
  ["it is still applied", applying("v2", "v1"), /it applies version v2/],
  ["the node went back", refused("v2", "v1"), /refused version v2 of its document, and runs v1/],
  ["it went back from a later one", refused("v3", "v2"), /refused version v3/],
])("fails when %s", async (_, document, cause) => {
  const { leg } = await legOf(report("ready", {}, document));
  expect(leg).toMatchObject({ ok: false, cause: expect.stringMatching(cause) });
});

test("fails when another server answers, and is not applicable when the node does not say", async () => {
  expect((await legOf("<html>", 404)).leg).toMatchObject({ ok: false });
  const silent = JSON.stringify({ status: "ready", checks: {} });
  expect((await legOf(silent)).leg).toMatchObject({
    ok: true,
    na: "the node does not say which document it runs",
  });
});

test("there is none for a stack on this machine", async () => {
  expect(await legOf("", 200, stack())).toEqual({ leg: undefined, asked: [] });
});
