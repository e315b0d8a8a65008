import type { StackOutputs } from "../turn/outputs.ts";
import { LOOPBACK } from "../turn/ports.ts";
import type { Advertised } from "./advertised.ts";
import { bindDirectPeer, peerPorts } from "./directPeer.ts";
import { ECHO_START_MS, startEchoPeer } from "./echoPeer.ts";
import { echo } from "./exchange.ts";
import { notApplicable } from "./findings.ts";
import type { Context } from "./leg.ts";
import { FIRST_WITH_RELAY_POLICY, isSince } from "./livekitVersion.ts";
import { localPath } from "./localPath.ts";
import { reflexivePath } from "./reflexivePeer.ts";
import type { Relay } from "./relay.ts";

/** What tells one exchange from another, and when it stops. */
export interface PassOptions {
  readonly tag: string;
  readonly signal: AbortSignal;
}

/** A way to a peer without a relay of its own: where one can be depends on the deployment. */
export interface DirectPath {
  /** What a leg may take beyond its usual time, as the peer has to start. */
  readonly startMs?: number;
  /** From the relay to the peer and back, in Send and Data indications. */
  pass(relay: Relay, options: PassOptions): Promise<void>;
  close(): Promise<void>;
}

/** The way to a direct peer that works with this deployment, or says why none does. */
export function directPath(
  context: Context,
  { stun, relays }: Pick<Advertised, "stun" | "relays">,
): DirectPath {
  const { stack, livekitVersion } = context.target;
  // In a cloud the node is another machine than this one.
  if (!stack || stack.target === "aws")
    return reflexivePath(context, [...stun, ...relays.map(({ url }) => url)]);
  const { network, nodeAddress, ports } = stack;
  if (network === "host")
    return localPath({
      bind: ({ signal }) => bindDirectPeer(nodeAddress, peerPorts(ports), signal),
      knocks: false,
    });
  if (nodeAddress === LOOPBACK) return containerPath(context, stack);
  return localPath({
    bind: ({ signal }) =>
      isSince(FIRST_WITH_RELAY_POLICY, livekitVersion)
        ? notApplicable(NO_PORT_LEFT)
        : bindDirectPeer(nodeAddress, [0], signal),
    // Docker rewrites the source of what the relay sends, but for answers.
    knocks: true,
  });
}

const NO_PORT_LEFT = `on a bridge Docker holds every media port of the node, and LiveKit since ${FIRST_WITH_RELAY_POLICY} drops what goes to the node's other ports`;

/**
 * On a bridge that announces 127.0.0.1, a relay reaches that address only inside LiveKit's container:
 * the peer is a container in the same network namespace, and sends back what it gets.
 */
function containerPath({ signal }: Context, stack: StackOutputs): DirectPath {
  const starting = startEchoPeer(stack, signal);
  starting.catch(() => undefined); // the legs await it
  return {
    startMs: ECHO_START_MS,
    async pass(relay, options) {
      const { address } = await starting;
      await relay.client.permit(address);
      const end = relay.client.endTowards(address);
      await echo({ end, direction: "relay to direct peer and back", ...options });
    },
    close: () =>
      starting.then(
        (peer) => peer.close(),
        () => undefined,
      ),
  };
}
