import { describe, expect, test } from "@jest/globals";
import { checkInputs } from "../../../registry-only/provider/checkInputs.ts";
import type { Bridge, Fields } from "../../../registry-only/provider/kind.ts";
import { UNKNOWN } from "../../../registry-only/provider/value.ts";
import type { Props } from "../../../registry-only/provider/value.ts";

const fields: Fields = {
  name: { type: "string", required: true },
  start: { type: "boolean", default: true },
  mode: { type: "string", default: "bridge" },
  ports: {
    type: {
      set: {
        object: {
          internal: { type: "integer", required: true },
          protocol: { type: "string", default: "tcp", oneOf: ["tcp", "udp"] },
        },
      },
    },
  },
  logOpts: { type: { map: "string" } },
};

const check = (news: Props, bridge: Bridge = "sdk2") =>
  checkInputs({ provider: "docker", kind: "Container" }, fields, news, bridge);

test("every object names the defaults it got, sorted, where the official provider does", () => {
  const { inputs, failures } = check({ name: "a", ports: [{ internal: 1 }], logOpts: { a: "b" } });
  expect(failures).toEqual([]);
  expect(inputs).toEqual({
    __defaults: ["mode", "start"],
    name: "a",
    start: true,
    mode: "bridge",
    ports: [{ __defaults: ["protocol"], internal: 1, protocol: "tcp" }],
    logOpts: { a: "b" },
  });
});

test("no defaults are named where the official provider names none", () => {
  expect(check({ name: "a" }, "framework").inputs).toEqual({
    name: "a",
    start: true,
    mode: "bridge",
  });
});

test("an input that is null is taken as not given", () => {
  expect(check({ name: "a", mode: null }).inputs).toMatchObject({ mode: "bridge" });
});

test("a value that is not known yet passes", () => {
  expect(check({ name: UNKNOWN, ports: UNKNOWN, mode: UNKNOWN }).failures).toEqual([]);
});

describe("everything that is wrong is told together", () => {
  test.each<[Props, string, string]>([
    [{ gpu: true }, "gpu", "does not know input gpu of Container; it knows name, start,"],
    [{ ports: [{ internal: 1, ip: "" }] }, "ports[0].ip", "does not know input ports[0].ip of"],
    [{ ports: [{}] }, "ports[0].internal", "is required by Container and not given"],
    [{ ports: [{ internal: 1.5 }] }, "ports[0].internal", "is 1.5; wanted an integer"],
    [{ ports: { internal: 1 } }, "ports", "is an object; wanted a list"],
    [{ ports: [{ internal: 1, protocol: "sctp" }] }, "ports[0].protocol", "knows only tcp, udp"],
    [{ logOpts: ["a"] }, "logOpts", "is a list; wanted an object"],
    [{ logOpts: { a: 1 } }, "logOpts.a", "is 1; wanted a string"],
    [{ mode: ["secret"] }, "mode", "is a list; wanted a string"],
  ])("%j", (news, property, reason) => {
    expect(check(news).failures).toEqual(
      expect.arrayContaining([
        { property, reason: expect.stringContaining(reason) },
        { property: "name", reason: "is required by Container and not given" },
      ]),
    );
    expect(check(news).failures).toHaveLength(2);
  });
});
