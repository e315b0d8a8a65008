import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import {
  coturnFlag,
  coturnValue,
  mergeCoturnOptions,
  readCoturnArguments,
  readCoturnFile,
} from "../../../policy/subjects/coturnOptions.ts";

describe("turnserver.conf", () => {
  test.each([
    ["realm=example.com", "realm", "example.com"],
    ["  realm = example.com  ", "realm", "example.com"],
    ["realm\texample.com\r", "realm", "example.com"],
    ['realm="example.com" ', "realm", "example.com"],
    ["user=me:pa=ss", "user", "me:pa=ss"],
    ["fingerprint", "fingerprint", ""],
  ])("reads %j", (line, name, value) => {
    expect([...readCoturnFile(`# realm=no\n\n${line}\n#`)]).toEqual([[name, [value]]]);
  });

  test("keeps every value, and the last counts", () => {
    const options = readCoturnFile("denied-peer-ip=10.0.0.1\ndenied-peer-ip=10.0.0.2");
    expect(options.get("denied-peer-ip")).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(coturnValue(options, "denied-peer-ip")).toBe("10.0.0.2");
  });
});

describe("a command line", () => {
  test.each<readonly [words: readonly string[], name: string, value: string]>([
    [["--realm=example.com"], "realm", "example.com"],
    [["--realm", "example.com"], "realm", "example.com"],
    [["-r", "example.com"], "realm", "example.com"],
    [["-z"], "no-auth", ""],
    [["--no-auth", "-v"], "no-auth", ""],
    [["sh", "-r", "no", "/usr/bin/turnserver", "-u", "me:pw"], "user", "me:pw"],
  ])("is read: %j", (words, name, value) => {
    expect(readCoturnArguments(words).get(name)).toEqual([value]);
  });

  test("beats the file", () => {
    const both = mergeCoturnOptions(
      readCoturnFile("no-auth=true\nrealm=a"),
      readCoturnArguments(["--no-auth=false"]),
    );
    expect(coturnFlag(both, "no-auth")).toBe(false);
    expect(coturnValue(both, "realm")).toBe("a");
  });
});

test.each([
  ["", true],
  ["1", true],
  ["on", true],
  ["yes", true],
  ["true", true],
  ["0", false],
  ["off", false],
  ["No", false],
  ["false", false],
])("a flag of value %j is %s", (value, on) => {
  expect(coturnFlag(readCoturnFile(`no-auth=${value}`), "no-auth")).toBe(on);
});

test("a flag that is not there is off", () => {
  expect(coturnFlag(new Map(), "no-auth")).toBe(false);
});

test("a file and a command line say the same", () => {
  const name = fc.stringMatching(/^[a-z]{2}[a-z-]{0,20}[a-z]$/);
  const value = fc.stringMatching(/^[\w.:/]{1,20}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (options) => {
      const lines = options.map(([key, it]) => `${key}=${it}`);
      expect(readCoturnFile(lines.join("\n"))).toEqual(
        readCoturnArguments(lines.map((it) => `--${it}`)),
      );
    }),
  );
});
