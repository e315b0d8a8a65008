import { describe, expect, test } from "@jest/globals";
import type { EngineObject } from "../../../machine/engineObjects.ts";
import { knownIn, strangersAmong } from "../../../scripts/pulumi/strangers.ts";
import type { Known } from "../../../scripts/pulumi/strangers.ts";

const container = "docker:index/container:Container";
const exported = (resources: unknown) => JSON.stringify({ version: 3, deployment: { resources } });

describe("what the state knows", () => {
  test.each([
    ["a container", [{ type: container, id: "1", inputs: { name: "a" } }], 1],
    ["a network", [{ type: "docker:index/network:Network", id: "1", inputs: { name: "a" } }], 1],
    ["no volume", [{ type: "docker:index/volume:Volume", id: "a", inputs: { name: "a" } }], 0],
    ["no component", [{ type: "turnkey:index:DockerHost" }], 0],
    ["nothing in a stack without resources", undefined, 0],
  ])("%s", (_, resources, count) => {
    expect(knownIn(exported(resources))).toHaveLength(count);
  });

  test("is told with kind, id and name", () => {
    const resources = [{ type: container, id: "1", inputs: { name: "a", image: "b" } }];
    expect(knownIn(exported(resources))).toEqual([{ kind: "container", id: "1", name: "a" }]);
  });
});

const object = (kind: EngineObject["kind"], id: string, name: string): EngineObject => ({
  kind,
  id,
  name,
  labels: {},
});

describe("a stranger", () => {
  const known: Known[] = [
    { kind: "container", id: "1", name: "a" },
    { kind: "network", id: "2", name: "b" },
  ];
  test.each([
    ["bears a known name with another id", object("container", "9", "a"), true],
    ["is not the known one", object("container", "1", "a"), false],
    ["is not the known one under another name", object("container", "1", "other"), false],
    ["is none when its name is unknown", object("container", "9", "c"), false],
    ["is none when the name is known of another kind", object("container", "9", "b"), false],
    ["may be a network", object("network", "9", "b"), true],
  ])("%s", (_, it, isStranger) => {
    expect(strangersAmong([it], known)).toEqual(isStranger ? [it] : []);
  });
});
