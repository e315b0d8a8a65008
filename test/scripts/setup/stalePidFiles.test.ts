import { expect, test } from "@jest/globals";
import { stalePidFiles } from "../../../scripts/setup/stalePidFiles.ts";

const DOCKER = "/var/run/docker.pid";
const CONTAINERD = "/var/run/docker/containerd/containerd.pid";

const stat = (pid: number, name: string) =>
  `${pid} (${name}) S 1 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 9 0 123456 1 1`;

test.each([
  ["no daemon ever ran", {}, []],
  [
    "both run",
    {
      [DOCKER]: "7\n",
      "/proc/7/stat": stat(7, "dockerd"),
      [CONTAINERD]: "8",
      "/proc/8/stat": stat(8, "containerd"),
    },
    [],
  ],
  [
    "no process has the number any more",
    { [DOCKER]: "7", [CONTAINERD]: "8" },
    [DOCKER, CONTAINERD],
  ],
  [
    "another process has the number by now",
    {
      [DOCKER]: "7",
      "/proc/7/stat": stat(7, "node"),
      [CONTAINERD]: "8",
      "/proc/8/stat": stat(8, "containerd"),
    },
    [DOCKER],
  ],
])("where %s, the stale pid files are told", (_where, files: Record<string, string>, stale) => {
  expect(stalePidFiles((file) => files[file])).toEqual(stale);
});
