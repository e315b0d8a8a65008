import * as z from "zod";
import type { IceSourceOfKind } from "../../turn/iceSources.ts";
import { askJson, basicAuth, type Fetch, serviceUrl } from "./askJson.ts";
import { type AskSource, SourceError } from "./iceSource.ts";
import { grantOf, parseAnswer, SentServers } from "./normalise.ts";

const BASE = "https://global.xirsys.net";

const Answer = z.discriminatedUnion("s", [
  z.object({ s: z.literal("ok"), v: z.object({ iceServers: SentServers }) }),
  z.object({ s: z.literal("error"), v: z.unknown() }),
]);

/** Only a word such as `unauthorized`: a text could quote what was sent. */
const wordOf = (value: unknown) =>
  typeof value === "string" && /^[a-z_]{1,40}$/.test(value) ? `: ${value}` : "";

/** Xirsys TURN (docs.xirsys.com, api-turn). It takes no name of a user, and errors come with status 200. */
export const xirsysSource =
  ({ channel, ident, secret, url = BASE }: IceSourceOfKind<"xirsys">, fetch: Fetch): AskSource =>
  async (request, signal) => {
    const sent = await askJson(
      fetch,
      {
        method: "PUT",
        url: serviceUrl(url, `_turn/${channel}`),
        headers: { authorization: basicAuth(ident, secret) },
        body: { format: "urls", expire: String(request.ttlSeconds) },
      },
      signal,
    );
    const answer = parseAnswer(Answer, sent);
    if (answer.s === "error") throw new SourceError(`answered with an error${wordOf(answer.v)}`);
    return grantOf(request, answer.v.iceServers, undefined);
  };
