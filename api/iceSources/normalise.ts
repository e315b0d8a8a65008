/** Brings the answers of managed services into one shape. */
import * as z from "zod";
import type { IceServer } from "../../turn/iceConfig.ts";
import { haveRelay, iceServersOf } from "./iceServers.ts";
import { type IceGrant, type IceRequest, SourceError } from "./iceSource.ts";

const Urls = z.union([z.string(), z.array(z.string())]).nullish();

/** `url` is RTCIceServer's member before 2015; Twilio sends both. */
const Server = z.object({
  urls: Urls,
  url: Urls,
  username: z.string().nullish(),
  credential: z.string().nullish(),
});

/** ICE servers as services send them: an array, or a single object. */
export const SentServers = z.union([z.array(Server), Server]);

/** A life in seconds, as a number or as text. Much longer than asked is told as it is; 10 years are enough. */
const Life = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ])
  .pipe(z.number().min(0).max(315_360_000).transform(Math.floor));

/** A life that the answer may tell; without it the life asked for is taken. */
export const SentLife = Life.nullish();

/** Shorter is of no use: the answer may take seconds, and the client needs time to connect. */
const LEAST_SECONDS = 60;

/** Browsers refuse this port; 5349 begins with the same digits. */
const isBlockedPort = (url: string) => /:53(?:\?|$)/.test(url);

const listed = <T>(value: T | T[] | null | undefined): T[] =>
  value === null || value === undefined ? [] : Array.isArray(value) ? value : [value];

function serversOf(sent: z.output<typeof SentServers>): IceServer[] {
  return listed(sent).flatMap(({ urls, url, username, credential }) =>
    iceServersOf(
      listed(urls ?? url).filter((it) => !isBlockedPort(it)),
      username && credential ? { username, credential } : undefined,
    ),
  );
}

/** Parses an answer; the `SourceError` names the members that are wrong, and no value. */
export function parseAnswer<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const members = parsed.error.issues.map(({ path }) => path.join(".") || "the whole");
  throw new SourceError(
    `answered in another shape than documented: ${[...new Set(members)].join(", ")}`,
  );
}

/**
 * A grant of what a service sent. URLs that browsers refuse are left out, and TURN without a credential.
 * Throws `SourceError` when no relay is left, or the life is below 60 s.
 */
export function grantOf(
  { now, ttlSeconds }: IceRequest,
  sent: z.output<typeof SentServers>,
  life: number | null | undefined,
): IceGrant {
  const iceServers = serversOf(sent);
  if (!haveRelay(iceServers)) throw new SourceError("answered without a TURN server to use");
  const seconds = life ?? ttlSeconds;
  if (seconds < LEAST_SECONDS)
    throw new SourceError(
      `gave a credential for ${seconds} s, wanted are ${LEAST_SECONDS} s or more`,
      { ofRequest: true },
    );
  return { iceServers, expiresAt: new Date(now.getTime() + seconds * 1000) };
}
