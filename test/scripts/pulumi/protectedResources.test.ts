import { expect, test } from "@jest/globals";
import { protectedIn } from "../../../scripts/pulumi/protectedResources.ts";

const resource = (name: string, more: Record<string, unknown>) => ({
  urn: `urn:pulumi:prod::turnkey::aws:ec2/eip:Eip::${name}`,
  type: "aws:ec2/eip:Eip",
  ...more,
});

test("what is protected is told with what the cloud knows it by", () => {
  const resources = [
    resource("host-address", { id: "eipalloc-1", protect: true }),
    resource("free", { id: "eipalloc-2", protect: false }),
    resource("other", { id: "eipalloc-3" }),
    resource("nameless", { protect: true }),
  ];
  expect(protectedIn(JSON.stringify({ version: 3, deployment: { resources } }))).toEqual([
    { type: "aws:ec2/eip:Eip", name: "host-address", id: "eipalloc-1" },
    { type: "aws:ec2/eip:Eip", name: "nameless", id: "" },
  ]);
});

test.each(['{"version":3}', '{"deployment":null}', '{"deployment":{"manifest":{}}}'])(
  "%s protects nothing",
  (exported) => {
    expect(protectedIn(exported)).toEqual([]);
  },
);
