/** Where ICE servers come from: a setting, and the secret file that the API reads, one schema for both. */
import * as z from "zod";
import { isStunUrl, isTurnUrl } from "./iceUrlSyntax.ts";
import { isPrivateUrl } from "./privateUrl.ts";

const StunUrl = z.string().refine(isStunUrl, "a URL such as stun:stun.example.org:3478");
const IceUrl = z
  .string()
  .refine(
    (it) => isStunUrl(it) || isTurnUrl(it),
    "a URL such as turn:turn.example.org:3478?transport=udp",
  );

/** Paths of the service are put behind it. */
const isServiceUrl = (text: string): boolean => {
  if (!isPrivateUrl(text)) return false;
  const { search, hash } = new URL(text);
  return search + hash === "";
};

/** Credentials of services travel in headers, URLs and bodies, so control characters are none of them. */
const Text = z
  .string()
  .regex(/^[\x21-\x7E]{1,256}$/, "a text without spaces, as the service gave it");

const SECRET = "a secret of at least 16 characters";

const fallback = z
  .boolean("true or false")
  .default(false)
  .describe("Ask only if no relay came from the sources before");

/** A service that is asked over HTTPS for each user. */
const managed = {
  timeoutMs: z
    .int("a whole number of milliseconds")
    .min(100, "at least 100")
    .max(5_000, "at most 5000")
    .default(2_000)
    .describe("Time the service has to answer; an answer to a user waits no longer for it"),
  url: z
    .string()
    .refine(isServiceUrl, "an https: URL; http: only for this machine; no query and no password")
    .optional()
    .describe("Where the service is reached instead, for a proxy. Default: the service's own URL"),
  fallback,
};

const Livekit = z.strictObject({
  kind: z.literal("livekit").describe("The TURN server of this stack"),
  fallback,
});

const SharedSecret = z.strictObject({
  kind: z
    .literal("shared-secret")
    .describe(
      "A TURN server of your own that shares a secret with the API (draft-uberti), as coturn",
    ),
  urls: z.array(IceUrl).min(1, "at least one URL").describe("Its URLs, in order"),
  secret: z.string(SECRET).min(16, SECRET).describe("The shared secret"),
  fallback,
});

const Cloudflare = z.strictObject({
  kind: z.literal("cloudflare").describe("Cloudflare Realtime TURN"),
  keyId: Text.describe("Id of the TURN key"),
  apiToken: Text.describe("API token of the TURN key"),
  ...managed,
});

const Twilio = z.strictObject({
  kind: z.literal("twilio").describe("Twilio Network Traversal Service"),
  accountSid: z
    .string()
    .regex(/^AC[\da-fA-F]{32}$/, "AC and 32 hexadecimal digits")
    .describe("SID of the account"),
  keySid: z
    .string()
    .regex(/^SK[\da-fA-F]{32}$/, "SK and 32 hexadecimal digits")
    .optional()
    .describe("SID of an API key, whose secret it is then. Default: none"),
  secret: Text.describe("The account's auth token, or the API key's secret"),
  ...managed,
});

const Metered = z.strictObject({
  kind: z.literal("metered").describe("Metered TURN server"),
  app: z
    .string()
    .regex(/^[\w-]{1,63}$/, "the NAME of NAME.metered.live")
    .describe("Name of the app: the NAME of NAME.metered.live"),
  secretKey: Text.describe("Secret key of the app"),
  region: z
    .string()
    .regex(/^[a-z_]{1,40}$/, "a region such as europe")
    .optional()
    .describe("Region of the servers. Default: the app's"),
  ...managed,
});

const Xirsys = z.strictObject({
  kind: z.literal("xirsys").describe("Xirsys TURN"),
  channel: z
    .string()
    .regex(/^\w[\w.-]*(?:\/\w[\w.-]*)*$/, "a channel, or parts joined by /")
    .describe("Path of the channel"),
  ident: Text.describe("The account's name"),
  secret: Text.describe("The account's secret"),
  ...managed,
});

const StaticServer = z
  .strictObject({
    urls: z.array(IceUrl).min(1, "at least one URL"),
    username: z.string().min(1, "a name").optional(),
    credential: z.string().min(1, "a password").optional(),
  })
  .superRefine(({ urls, username, credential }, context) => {
    // W3C WebRTC: RTCPeerConnection throws at a turn: URL without both of them.
    const isNeeded = urls.some(isTurnUrl) || username !== undefined || credential !== undefined;
    for (const [key, value] of Object.entries({ username, credential }))
      if (isNeeded && value === undefined)
        context.addIssue({
          code: "custom",
          path: [key],
          message: "username and credential, where there is a turn: URL",
        });
  });

const Static = z.strictObject({
  kind: z.literal("static").describe("Servers with a name and password that never change"),
  iceServers: z.array(StaticServer).min(1, "at least one server").describe("The servers, in order"),
  fallback,
});

const Stun = z.strictObject({
  kind: z.literal("stun").describe("Public STUN servers, which see the addresses of your users"),
  urls: z.array(StunUrl).min(1, "at least one URL").describe("Their URLs, in order"),
  fallback,
});

const iceSourceKinds = [
  Livekit,
  SharedSecret,
  Cloudflare,
  Twilio,
  Metered,
  Xirsys,
  Static,
  Stun,
] as const;

const IceSource = z.discriminatedUnion("kind", iceSourceKinds, {
  error: `one of ${iceSourceKinds.map((it) => it.shape.kind.value).join(", ")}`,
});
export type IceSourceSettings = z.infer<typeof IceSource>;

/** The settings of one kind. */
export type IceSourceOfKind<K extends IceSourceSettings["kind"]> = Extract<
  IceSourceSettings,
  { kind: K }
>;

/** Each may wait 5 s, one after another when all but one are fallbacks; a credential lives 60 s at least. */
const MOST_SOURCES = 8;

export const IceSources = z
  .array(IceSource, "a list of sources, each with its kind")
  .min(1, "at least one source")
  .max(MOST_SOURCES, `at most ${MOST_SOURCES} sources`)
  .superRefine((sources, context) => {
    const firstFallback = sources.findIndex((it) => it.fallback);
    for (const [index, { fallback: isFallback }] of sources.entries())
      if (firstFallback !== -1 && index > firstFallback && !isFallback)
        context.addIssue({
          code: "custom",
          path: [index, "fallback"],
          message: "true, as one before is a fallback: those stand last",
        });
  })
  .prefault([{ kind: "livekit" }]);
export type IceSources = z.infer<typeof IceSources>;
