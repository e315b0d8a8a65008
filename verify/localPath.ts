import type { DirectPath, PassOptions } from "./directPath.ts";
import type { DirectPeer } from "./directPeer.ts";
import { exchange } from "./exchange.ts";
import { knock } from "./knock.ts";

interface LocalPathOptions {
  readonly bind: (options: PassOptions) => Promise<DirectPeer>;
  /** Whether something in between lets in answers only. */
  readonly knocks: boolean;
}

/** A peer on the node itself, for each relay one. */
export const localPath = ({ bind, knocks }: LocalPathOptions): DirectPath => ({
  async pass(relay, options) {
    const peer = await bind(options);
    try {
      await relay.client.permit(peer.address);
      const near = knocks
        ? await knock(relay, peer, options.signal)
        : relay.client.endTowards(peer.address);
      const ends = [near, peer.endTowards(relay.address)] as const;
      await exchange({ ends, names: ["relay", "direct peer"], ...options });
    } finally {
      await peer.close();
    }
  },
  close: async () => undefined,
});
