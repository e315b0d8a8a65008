/**
 * TURN servers beside the stack's own on the node, whose rules for peers a test chooses: what is seen of one that leaks
 * is what would be seen of the stack's.
 */
import { randomBytes } from "node:crypto";
import type { TurnCredential } from "../../../turn/engine.ts";
import { inNamespace } from "../networkTools.ts";
import { issue } from "../pki.ts";
import type { ProbeTask } from "./forbiddenProbes.ts";
import { NODE } from "./places.ts";
import { SIXTH } from "./trap.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Where controls listen, beside what the stack's services have. */
export const CONTROL_PORTS = { udp: 3_478, tls: 5_351 } as const;

/** Ports of their relays: those of a meter's, which the stack's relays have not got. */
export const CONTROL_RELAYS = { from: 57_000, to: 57_999 } as const;

/** A server that runs. */
export interface Control extends Pick<ProbeTask, "urls" | "ca" | "credential"> {
  stop(): Promise<void>;
}

/** What a server needs to be one: a certificate for its addresses, and a user. */
export interface Papers {
  readonly pem: string;
  readonly keyPem: string;
  readonly user: TurnCredential;
}

/** Where a control runs: the name of the node's namespace. */
export interface ControlPlace {
  readonly namespace: string;
  readonly papers: Papers;
}

/** Makes them anew, for a day. */
export async function makePapers(): Promise<Papers> {
  const { pem, keyPem } = await issue({
    subject: "control",
    ip: [NODE.public, SIXTH.node],
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
  });
  return {
    pem,
    keyPem,
    user: { username: "control", credential: randomBytes(16).toString("hex") },
  };
}

/** URLs of a control at one of the node's addresses. */
export const controlUrls = (address: string) => {
  const host = address.includes(":") ? `[${address}]` : address;
  const { udp, tls } = CONTROL_PORTS;
  return {
    udp: `turn:${host}:${udp}?transport=udp`,
    tls: `turns:${host}:${tls}?transport=tcp`,
  };
};

/**
 * Lets controls be reached, and lets out connections to the ports of probes: the security group must not be what hides
 * that a relay leaks.
 */
export async function openGroup(
  router: string,
  probes: { readonly from: number; readonly to: number },
): Promise<void> {
  const insert = (chain: string, rule: string) =>
    inNamespace(router, ..."nft insert rule ip rig".split(" "), chain, ...rule.split(" "));
  await insert("ingress", `udp dport ${CONTROL_PORTS.udp} return`);
  await insert("ingress", `tcp dport ${CONTROL_PORTS.tls} return`);
  await insert("egress", `tcp dport ${probes.from}-${probes.to} return`);
}

/** Whether a control listens on both ports. */
export async function controlListens(namespace: string): Promise<boolean> {
  const { udp, tls } = CONTROL_PORTS;
  const sockets = await Promise.all([
    inNamespace(namespace, "ss", "-Hlnu", "sport", "=", String(udp)),
    inNamespace(namespace, "ss", "-Hlnt", "sport", "=", String(tls)),
  ]);
  return sockets.every((it) => it.trim() !== "");
}
