import type { IceUrl } from "./iceUrl.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";
import { TurnClient } from "./turnClient.ts";

/** Asks a STUN URL for our own address, as a client does to find its server-reflexive candidate. */
export async function stunLeg(context: Context, url: IceUrl): Promise<Leg> {
  const { leg } = await tryLeg(context, { name: "STUN binding", url: url.text }, async () => {
    const client = await TurnClient.connect(url, {
      ca: context.target.caCertificate,
      signal: context.signal,
    });
    try {
      await client.bind();
    } finally {
      await client.close();
    }
  });
  return leg;
}
