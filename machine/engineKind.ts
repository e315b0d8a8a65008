/** How the Docker Engine stands to the network of the machine that the developer sits at. */
import { EngineError } from "./engineError.ts";
import type { NetworkMode } from "../plan/machine.ts";
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
 * The network mode for an engine of that kind: the machine's own network on a native one, published
 * ports on the others, or what the settings name. Throws an EngineError when they name `host` for an
 * engine that does not share the machine's network: LiveKit's ports would open where nobody is.
 */
export function networkOf(kind: EngineKind, wanted?: NetworkMode): NetworkMode {
  if (wanted === "host" && kind !== "native")
    throw new EngineError(
      "unfit",
      `docker.network is host, but the Docker Engine is ${names[kind]}, which does not share this machine's network; wanted is bridge`,
      "pulumi config rm --path turnkey:docker.network",
    );
  return wanted ?? (kind === "native" ? "host" : "bridge");
}
