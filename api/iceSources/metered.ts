import * as z from "zod";
import type { IceSourceOfKind } from "../../turn/iceSources.ts";
import { askJson, type Fetch, serviceUrl } from "./askJson.ts";
import type { AskSource } from "./iceSource.ts";
import { grantOf, parseAnswer, SentLife, SentServers } from "./normalise.ts";

const Created = z.object({ apiKey: z.string().min(1), expiryInSeconds: SentLife });

/**
 * Metered's TURN server (metered.ca/docs/turn-rest-api): one call creates a credential, the next tells
 * its servers. Both take their key in the query, so nothing may ever quote these URLs.
 */
export const meteredSource =
  (
    { app, secretKey, region, url = `https://${app}.metered.live` }: IceSourceOfKind<"metered">,
    fetch: Fetch,
  ): AskSource =>
  async (request, signal) => {
    const create = serviceUrl(url, "api/v1/turn/credential");
    create.searchParams.set("secretKey", secretKey);
    const body = { expiryInSeconds: request.ttlSeconds, label: request.turnId };
    const created = await askJson(fetch, { method: "POST", url: create, body }, signal);
    const { apiKey, expiryInSeconds } = parseAnswer(Created, created);

    const list = serviceUrl(url, "api/v1/turn/credentials");
    list.searchParams.set("apiKey", apiKey);
    if (region !== undefined) list.searchParams.set("region", region);
    const answer = await askJson(fetch, { method: "GET", url: list }, signal);
    return grantOf(request, parseAnswer(SentServers, answer), expiryInSeconds);
  };
