/** Looks from here at a node and at a place beside it, to tell whose fault a silence is. */
import type { StackOutputs } from "../../turn/outputs.ts";
import { row } from "../../turn/ports.ts";
import { blame, type Blame, type Labels } from "./blame.ts";
import { ntpRequest, type Place, stunRequest, tcpReach, udpReach } from "./probes.ts";

/** The four places. */
export interface ProbePlaces {
  /** HTTPS and TURN/TLS of the node. */
  readonly nodeTcp: Place;
  /** STUN of the node. */
  readonly nodeUdp: Place;
  /** Anything that takes TCP. */
  readonly controlTcp: Place;
  /** An NTP server. */
  readonly controlUdp: Place;
}

/** Whoever deploys to AWS reaches this anyway, and AWS gives everybody the time: nobody else learns of it. */
export const awsControls = (region: string): Pick<ProbePlaces, "controlTcp" | "controlUdp"> => ({
  controlTcp: {
    host: `sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`,
    port: 443,
  },
  controlUdp: { host: "time.aws.com", port: 123 },
});

/** The places of a stack's node. */
export const nodePlaces = ({
  nodeAddress,
  ports,
}: Pick<StackOutputs, "nodeAddress" | "ports">): Pick<ProbePlaces, "nodeTcp" | "nodeUdp"> => ({
  nodeTcp: { host: nodeAddress, port: row(ports, "https").from },
  nodeUdp: { host: nodeAddress, port: row(ports, "turn-udp").from },
});

const LIMIT_MS = 4_000;

const label = ({ host, port }: Place) => `${host}:${port}`;

/** Looks at all four at once; each gets `limitMs`. */
export async function probeControl(places: ProbePlaces, limitMs = LIMIT_MS): Promise<Blame[]> {
  const { nodeTcp, nodeUdp, controlTcp, controlUdp } = places;
  const [node, control] = await Promise.all([
    reach(nodeTcp, nodeUdp, stunRequest(), limitMs),
    reach(controlTcp, controlUdp, ntpRequest(), limitMs),
  ]);
  const labels: Labels = {
    nodeTcp: label(nodeTcp),
    nodeUdp: label(nodeUdp),
    controlTcp: label(controlTcp),
    controlUdp: label(controlUdp),
  };
  return blame({ node, control }, labels);
}

async function reach(overTcp: Place, overUdp: Place, packet: Buffer, limitMs: number) {
  const [tcp, udp] = await Promise.all([
    tcpReach(overTcp, limitMs),
    udpReach(overUdp, packet, limitMs),
  ]);
  return { tcp, udp };
}
