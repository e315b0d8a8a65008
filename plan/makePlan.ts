/** Settings and machine in, plan out: pure, so the same input gives the same plan. */
import { isIP } from "node:net";
import type { Settings } from "../config.ts";
import { iceUrls } from "../turn/iceUrls.ts";
import { row } from "../turn/ports.ts";
import { apiService } from "./apiService.ts";
import { livekitImage, nodeImage } from "./images.ts";
import { livekitService } from "./livekitService.ts";
import type { Machine } from "./machine.ts";
import type { Plan } from "./plan.ts";
import { portTable } from "./portTable.ts";

/**
 * The plan of one stack. `stack` is the stack's name, which every container carries, so that two
 * stacks can stand beside each other.
 */
export function makePlan(settings: Settings, machine: Machine, stack: string): Plan {
  const { nodeAddress } = machine;
  const ports = portTable(settings);
  const turnDomain = settings.turn.domain ?? nodeAddress;
  const livekit = livekitImage(settings.livekit, machine);
  const signallingPort = row(ports, "signalling").from;
  const apiPort = row(ports, "api").from;
  const livekitUrl = `ws://${nodeAddress}:${signallingPort}`;
  const urls = iceUrls(turnDomain, ports);
  const containerName = (service: string) => `turnkey-${stack}-${service}`;
  const names = [...new Set([turnDomain, nodeAddress])];
  return {
    stack,
    nodeAddress,
    turnDomain,
    livekitVersion: livekit.version,
    ports,
    services: [
      livekitService({
        containerName: containerName("livekit"),
        image: livekit.reference,
        nodeAddress,
        turnDomain,
        ports,
        signallingPort,
      }),
      apiService({
        containerName: containerName("api"),
        image: nodeImage(settings.api.image, machine),
        port: apiPort,
        livekitUrl,
        iceUrls: urls,
        credentialTtlSeconds: settings.turn.credentialTtlSeconds,
        roomTokenTtlSeconds: settings.api.roomTokenTtlSeconds,
      }),
    ],
    certificateNames: {
      dns: names.filter((it) => isIP(it) === 0),
      ip: names.filter((it) => isIP(it) !== 0),
    },
    iceUrls: urls,
    apiUrl: `http://${nodeAddress}:${apiPort}`,
    livekitUrl,
  };
}
