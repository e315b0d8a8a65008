import * as z from "zod";
import type { IceSourceOfKind } from "../../turn/iceSources.ts";
import { askJson, basicAuth, type Fetch, serviceUrl } from "./askJson.ts";
import type { AskSource } from "./iceSource.ts";
import { grantOf, parseAnswer, SentLife, SentServers } from "./normalise.ts";

const BASE = "https://api.twilio.com";

const Answer = z.object({ ice_servers: SentServers, ttl: SentLife });

/** Twilio's Network Traversal Service (twilio.com/docs/stun-turn/api). It takes no name of a user. */
export const twilioSource =
  (
    { accountSid, keySid = accountSid, secret, url = BASE }: IceSourceOfKind<"twilio">,
    fetch: Fetch,
  ): AskSource =>
  async (request, signal) => {
    const answer = await askJson(
      fetch,
      {
        method: "POST",
        url: serviceUrl(url, `2010-04-01/Accounts/${accountSid}/Tokens.json`),
        headers: { authorization: basicAuth(keySid, secret) },
        body: new URLSearchParams({ Ttl: String(request.ttlSeconds) }),
      },
      signal,
    );
    const { ice_servers, ttl } = parseAnswer(Answer, answer);
    return grantOf(request, ice_servers, ttl);
  };
