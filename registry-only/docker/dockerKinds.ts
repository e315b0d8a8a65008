import type { DockerEngine } from "../../machine/dockerEngine.ts";
import type { Kind } from "../provider/kind.ts";
import { systemClock, type Clock } from "./clock.ts";
import { containerKind } from "./containerKind.ts";
import { imageKind } from "./imageKind.ts";
import { networkKind } from "./networkKind.ts";
import { remoteImageKind } from "./remoteImageKind.ts";
import { volumeKind } from "./volumeKind.ts";

/** The kinds of pulumi-docker that this project declares, on one engine. */
export const dockerKinds = (engine: DockerEngine, clock: Clock = systemClock) =>
  ({
    "docker:index/container:Container": containerKind(engine, clock),
    "docker:index/image:Image": imageKind(process.env["TURNKEY_RECORDED_AWS"]),
    "docker:index/network:Network": networkKind(engine, clock),
    "docker:index/remoteImage:RemoteImage": remoteImageKind(engine),
    "docker:index/volume:Volume": volumeKind(engine, clock),
  }) satisfies Record<string, Kind>;
