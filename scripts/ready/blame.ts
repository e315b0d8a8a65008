/** Tells "your network" from "the deployment" where something does not answer. */

/** What reaches a place from here. */
export interface Reach {
  /** `refused`: the place itself said no. */
  readonly tcp: "open" | "refused" | "silent";
  readonly udp: "answers" | "silent";
}

/** The node on its own ports, and a place that has nothing to do with it. */
export interface Observations {
  readonly node: Reach;
  readonly control: Reach;
}

/** The places as messages name them: `203.0.113.7:443`. */
export interface Labels {
  readonly nodeTcp: string;
  readonly nodeUdp: string;
  readonly controlTcp: string;
  readonly controlUdp: string;
}

export interface Blame {
  readonly on: "network" | "deployment";
  readonly text: string;
}

const network = (text: string): Blame => ({ on: "network", text });
const deployment = (text: string): Blame => ({ on: "deployment", text });

/** The likely culprits, one line each. Pure, so that its test is the table. */
export function blame({ node, control }: Observations, labels: Labels): Blame[] {
  const { nodeTcp, nodeUdp, controlTcp, controlUdp } = labels;
  const overTcp = (): Blame[] => {
    if (node.tcp === "open") return [];
    if (node.tcp === "refused")
      return [deployment(`${nodeTcp}/tcp refuses connections: the node is there, its edge is not`)];
    return control.tcp === "silent"
      ? [
          network(
            `neither ${nodeTcp}/tcp nor ${controlTcp}/tcp answers: this network seems to let no such connection out`,
          ),
        ]
      : [
          deployment(
            `${nodeTcp}/tcp does not answer while ${controlTcp}/tcp does: the node does not run, or a firewall before it drops what comes`,
          ),
        ];
  };
  const overUdp = (): Blame[] => {
    if (node.udp === "answers") return [];
    return control.udp === "silent"
      ? [
          network(
            `neither ${nodeUdp}/udp nor ${controlUdp}/udp answers: this network seems to let no UDP out, so what goes over UDP cannot be proven from here; TURN/TLS can`,
          ),
        ]
      : [
          deployment(
            `${nodeUdp}/udp answers no STUN while ${controlUdp}/udp answers: LiveKit's TURN is not up, or a firewall before it drops UDP`,
          ),
        ];
  };
  const found = [...overTcp(), ...overUdp()];
  return found.length > 0
    ? found
    : [
        deployment(
          `this network reaches the node at ${nodeTcp}/tcp and ${nodeUdp}/udp: what fails is the deployment's`,
        ),
      ];
}

/** For people. */
export const blameText = (found: readonly Blame[]): string =>
  found
    .map(({ on, text }) => `${on === "network" ? "your network" : "the deployment"}: ${text}`)
    .join("\n");
