import { expect, test } from "@jest/globals";
import { engineKind, unfitEngine } from "../../machine/engineKind.ts";

const debian = { operatingSystem: "Debian GNU/Linux 12", rootless: false, kernelVersion: "6.1.0" };

test.each([
  ["native", {}],
  ["desktop", { operatingSystem: "Docker Desktop" }],
  ["rootless", { rootless: true }],
  ["wsl", { kernelVersion: "5.15.167.4-microsoft-standard-WSL2" }],
] as const)("an engine of kind %s is known by what it says of itself", (kind, said) => {
  expect(engineKind({ ...debian, ...said })).toBe(kind);
});

test("only a native engine runs stacks; the others are named with the mend", () => {
  expect(unfitEngine("native")).toBeUndefined();
  expect(unfitEngine("desktop")?.message).toMatch(
    /Docker Desktop.*wanted is a native Linux engine - /,
  );
});
