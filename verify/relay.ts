import type { Address, IceUrl } from "./iceUrl.ts";
import { TurnClient, type TurnClientOptions } from "./turnClient.ts";

/** A client with an allocation. Closing the client gives the allocation back. */
export interface Relay {
  readonly url: IceUrl;
  readonly client: TurnClient;
  /** The relay address (RFC 8656: relayed transport address). */
  readonly address: Address;
}

/** What `openRelay` needs: a relay is never to be had without a credential. */
export type RelayOptions = TurnClientOptions & Required<Pick<TurnClientOptions, "credential">>;

/** Connects and allocates; leaves nothing open when that fails. */
export async function openRelay(
  url: IceUrl,
  options: RelayOptions,
  requested: "udp" | "tcp" = "udp",
): Promise<Relay> {
  const client = await TurnClient.connect(url, options);
  try {
    return { url, client, address: await client.allocate(requested) };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** Takes a relay and gives it back at once. */
export async function tryRelay(...args: Parameters<typeof openRelay>): Promise<void> {
  const { client } = await openRelay(...args);
  await client.close();
}
