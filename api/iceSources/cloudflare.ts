import * as z from "zod";
import type { IceSourceOfKind } from "../../turn/iceSources.ts";
import { askJson, type Fetch, serviceUrl } from "./askJson.ts";
import type { AskSource } from "./iceSource.ts";
import { grantOf, parseAnswer, SentServers } from "./normalise.ts";

const BASE = "https://rtc.live.cloudflare.com";

const Answer = z.object({ iceServers: SentServers });

/** Cloudflare Realtime TURN (developers.cloudflare.com/realtime/turn/generate-credentials). */
export const cloudflareSource =
  ({ keyId, apiToken, url = BASE }: IceSourceOfKind<"cloudflare">, fetch: Fetch): AskSource =>
  async (request, signal) => {
    const path = `v1/turn/keys/${encodeURIComponent(keyId)}/credentials/generate-ice-servers`;
    const answer = await askJson(
      fetch,
      {
        method: "POST",
        url: serviceUrl(url, path),
        headers: { authorization: `Bearer ${apiToken}` },
        body: { ttl: request.ttlSeconds, customIdentifier: request.turnId },
      },
      signal,
    );
    const { iceServers } = parseAnswer(Answer, answer);
    return grantOf(request, iceServers, undefined);
  };
