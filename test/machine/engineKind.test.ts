import { expect, test } from "@jest/globals";
import { engineKind, networkOf } from "../../machine/engineKind.ts";

const debian = { operatingSystem: "Debian GNU/Linux 12", rootless: false, kernelVersion: "6.1.0" };

test.each([
  ["native", {}],
  ["desktop", { operatingSystem: "Docker Desktop" }],
  ["rootless", { rootless: true }],
  ["wsl", { kernelVersion: "5.15.167.4-microsoft-standard-WSL2" }],
] as const)("an engine of kind %s is known by what it says of itself", (kind, said) => {
  expect(engineKind({ ...debian, ...said })).toBe(kind);
});

test.each([
  ["native", undefined, "host"],
  ["native", "bridge", "bridge"],
  ["desktop", undefined, "bridge"],
  ["rootless", undefined, "bridge"],
  ["wsl", "bridge", "bridge"],
] as const)("on a %s engine the mode wanted as %s is %s", (kind, wanted, network) => {
  expect(networkOf(kind, wanted)).toBe(network);
});

test("an engine without the machine's network refuses to share it, with the mend", () => {
  expect(() => networkOf("desktop", "host")).toThrow(
    /Docker Desktop.*wanted is bridge - pulumi config rm --path turnkey:docker.network/,
  );
});
