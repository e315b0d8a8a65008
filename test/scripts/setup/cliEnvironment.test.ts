import { expect, test } from "@jest/globals";
import { cliEnvironment } from "../../../scripts/setup/cliEnvironment.ts";

test("the CLI's own folder comes first on PATH, however the system spells it", () => {
  expect(cliEnvironment({ PATH: "/usr/bin" }, "/p/bin", "official")["PATH"]).toBe(
    "/p/bin:/usr/bin",
  );
  expect(cliEnvironment({ Path: "/usr/bin" }, "/p/bin", "official")["Path"]).toBe(
    "/p/bin:/usr/bin",
  );
});

test("only a registry-only machine goes without plugin downloads", () => {
  const key = "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION";
  expect(cliEnvironment({}, "/p/bin", "registry-only")[key]).toBe("true");
  expect(cliEnvironment({}, "/p/bin", "official")).not.toHaveProperty(key);
});

test.each([
  ['docker context "colima"', { DOCKER_HOST: "unix:///x.sock" }],
  ["DOCKER_HOST", {}],
  ["the platform's default", {}],
])("an engine named by %s adds %j", (source, added) => {
  const env = cliEnvironment({}, "/p/bin", "official", { url: "unix:///x.sock", source });
  expect(Object.fromEntries(Object.entries(env).filter(([key]) => key === "DOCKER_HOST"))).toEqual(
    added,
  );
});
