import type { DockerEngine } from "./dockerEngine.ts";
import { look } from "./look.ts";

/** What the engine says about itself, as far as someone here decides by it. */
export interface EngineInfo {
  readonly version: string;
  /** `linux` or `windows`: the kind of containers it runs. */
  readonly osType: string;
  /** `Debian GNU/Linux 12 (bookworm)`, `Docker Desktop`. */
  readonly operatingSystem: string;
  /** `x86_64`, `aarch64`. */
  readonly architecture: string;
  readonly kernelVersion: string;
  /** The host's name as the engine sees it; `docker-desktop` for Docker Desktop. */
  readonly hostName: string;
  readonly rootless: boolean;
  readonly containersRunning: number;
}

/** Asks the engine about itself (`docker info`). */
export async function engineInfo(engine: DockerEngine): Promise<EngineInfo> {
  const info = look(await engine.json("GET", "/info"));
  return {
    version: info.text("ServerVersion"),
    osType: info.text("OSType"),
    operatingSystem: info.text("OperatingSystem"),
    architecture: info.text("Architecture"),
    kernelVersion: info.text("KernelVersion"),
    hostName: info.text("Name"),
    rootless: info.texts("SecurityOptions").some((it) => it.startsWith("name=rootless")),
    containersRunning: info.number("ContainersRunning"),
  };
}
