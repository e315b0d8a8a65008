/** How the Docker Engine stands to the network of the machine that the developer sits at. */
import { EngineError } from "./engineError.ts";
import type { EngineInfo } from "./engineInfo.ts";

/** `native` shares the machine's network; the others run in a virtual machine or a namespace of their own. */
export type EngineKind = "native" | "desktop" | "rootless" | "wsl";

/** The kind of engine that `docker info` describes. */
export function engineKind({
  operatingSystem,
  rootless,
  kernelVersion,
}: Pick<EngineInfo, "operatingSystem" | "rootless" | "kernelVersion">): EngineKind {
  if (operatingSystem === "Docker Desktop") return "desktop";
  if (rootless) return "rootless";
  return kernelVersion.includes("microsoft") ? "wsl" : "native";
}

const names: Readonly<Record<EngineKind, string>> = {
  native: "a native Linux engine",
  desktop: "Docker Desktop",
  rootless: "a rootless engine",
  wsl: "an engine inside WSL",
};

/**
 * Why stacks cannot run on an engine of that kind, undefined when they can: LiveKit's media ports and
 * relay addresses are ports of the machine itself, and only a native engine opens them there.
 */
export const unfitEngine = (kind: EngineKind): EngineError | undefined =>
  kind === "native"
    ? undefined
    : new EngineError(
        "unfit",
        `the Docker Engine is ${names[kind]}, which does not share this machine's network; wanted is ${names.native}`,
        "run Turnkey on Linux, in a virtual machine for example, or point DOCKER_HOST at a Linux machine's engine",
      );
