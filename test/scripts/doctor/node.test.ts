import { expect, test } from "@jest/globals";
import { node, nodeFinding } from "../../../scripts/doctor/checks/node.ts";
import { contextWith } from "./context.ts";

test.each([
  ["22.18.0", "ok"],
  ["22.17.1", "problem"],
  ["24.0.0", "ok"],
  ["20.19.0", "problem"],
  ["23.1.0", "ok"],
])("Node %s is %s for >=22.18", (version, level) => {
  expect(nodeFinding(version, "/usr/bin/node", ">=22.18").level).toBe(level);
});

test.each([
  ["missing", "problem"],
  ["stale", "warning"],
])("dependencies that are %s are a %s, and npm run up installs them", async (told, level) => {
  const findings = await node.run(contextWith({ env: { TURNKEY_DEPENDENCIES: told } }));
  expect(findings[1]).toMatchObject({ level, mend: "npm run up installs them" });
});

test("the Node that runs this is named and fits the manifest", async () => {
  expect(await node.run(contextWith({}))).toEqual([
    { level: "ok", text: `Node ${process.versions.node} (${process.execPath})` },
  ]);
});
