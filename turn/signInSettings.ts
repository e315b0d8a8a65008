/** Who signs users in, and how: a setting, and the secret file that the API reads, one schema for both. */
import * as z from "zod";
import { API_TOKEN, sharedSecretAlgorithms } from "./apiToken.ts";
import { isPrivateUrl } from "./privateUrl.ts";

/** RFC 7518 section 3.2: the key of an HMAC is at least as long as its hash. */
const MIN_SECRET: Readonly<Record<(typeof sharedSecretAlgorithms)[number], number>> = {
  HS256: 32,
  HS384: 48,
  HS512: 64,
};

/** Signatures whose key may be published (RFC 7518 section 3.1, RFC 8037, RFC 9864). */
const publicKeyAlgorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;

const oneOf = (names: readonly string[]) => ({ error: `one of ${names.join(", ")}` });

const Secret = z
  .string("a text of at least 32 characters")
  .min(MIN_SECRET.HS256, "a text of at least 32 characters");

/** RFC 7519 section 2, StringOrURI. */
const Party = z.string().regex(/^\S{1,512}$/, "a name or URL without spaces, as tokens hold it");

/** Without quotes: its name comes back in challenges (RFC 6750 section 3). */
const Claim = z
  .string()
  .regex(/^[\w.:/@+~-]{1,256}$/, "a claim's name: letters, digits and . : / @ + ~ - _");

/** RFC 6265 section 4.1.1: a cookie's name is a token. */
const Token = z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,128}$/, "a name without spaces or ; = ,");

/** Names joined by dots; `passport.user` is the field `user` of the object `passport`. Challenges quote them. */
const FieldPath = z
  .string()
  .regex(
    /^[\w$:@/-]+(\.[\w$:@/-]+){0,7}$/,
    "a field, or fields joined by dots, such as user.id: letters, digits and $ : @ / - _",
  );

const PrivateUrl = z
  .string()
  .refine(
    isPrivateUrl,
    "an https: URL without a password in it; http: only for this machine (127.0.0.1, localhost, host.docker.internal)",
  );

const wholeSeconds = (min: number, max: number) =>
  z.int("a whole number of seconds").min(min, `at least ${min}`).max(max, `at most ${max}`);

/** What both kinds of token have. */
const inCookie = {
  cookie: Token.optional().describe(
    "Cookie that carries the token where no authorization header does. Default: none",
  ),
  userClaim: Claim.default("sub").describe("Claim that holds the user's id"),
};

const Jwt = z
  .strictObject({
    kind: z
      .literal("jwt")
      .describe("A bearer JWT, signed with a secret that the application shares"),
    secret: Secret.optional().describe(
      "Secret that signs the tokens. Default: a generated one, for HS256 and target docker only",
    ),
    algorithm: z
      .enum(sharedSecretAlgorithms, oneOf(sharedSecretAlgorithms))
      .default(API_TOKEN.algorithm)
      .describe(
        "The one algorithm that is accepted; it asks for 32, 48 or 64 characters of secret",
      ),
    issuer: Party.default(API_TOKEN.issuer).describe("The token's iss"),
    audience: Party.default(API_TOKEN.audience).describe("The token's aud"),
    ...inCookie,
  })
  .superRefine(({ algorithm, secret }, context) => {
    const least = MIN_SECRET[algorithm];
    if (secret === undefined && algorithm === API_TOKEN.algorithm) return;
    if (secret !== undefined && Buffer.byteLength(secret) >= least) return;
    context.addIssue({
      code: "custom",
      path: ["secret"],
      message: `a text of at least ${least} characters for ${algorithm}`,
    });
  });

const Jwks = z.strictObject({
  kind: z.literal("jwks").describe("A bearer JWT, signed with a key that its issuer publishes"),
  url: PrivateUrl.describe("Where the keys are: the issuer's jwks_uri"),
  issuer: Party.describe("The token's iss"),
  audience: Party.describe("The token's aud"),
  algorithms: z
    .array(z.enum(publicKeyAlgorithms, oneOf(publicKeyAlgorithms)))
    .min(1, "at least one algorithm")
    .default(["RS256", "ES256"])
    .describe("The algorithms that are accepted, all with public keys"),
  timeoutSeconds: wholeSeconds(1, 10).default(3).describe("Time the issuer has to answer"),
  cacheSeconds: wholeSeconds(1, 86_400)
    .default(600)
    .describe("How long keys are used without asking again; a withdrawn key is trusted as long"),
  outageSeconds: wholeSeconds(0, 86_400)
    .default(3_600)
    .describe("How much longer they are used while the issuer cannot be asked"),
  ...inCookie,
});

const Cookie = z.strictObject({
  kind: z.literal("cookie").describe("A signed cookie that says who the user is, and until when"),
  name: Token.default("session").describe("The cookie's name"),
  secrets: z
    .array(Secret, "a list of secrets, the current one first")
    .min(1, "at least one secret")
    .max(5, "at most 5 secrets")
    .describe("Secrets that sign the cookie; several while one replaces another"),
  userField: FieldPath.default("userId").describe("Field that holds the user's id"),
  expiresField: FieldPath.default("expiresAt").describe(
    "Field that holds the end: Unix time in seconds or milliseconds, or a time of ISO 8601",
  ),
});

/** They describe a connection or a body, and the API's own request has others (RFC 9110 section 7.6.1). */
const NOT_PASSED_ON = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-forwarded-method",
  "x-forwarded-uri",
]);

const PassedOn = Token.toLowerCase().refine(
  (it) => !NOT_PASSED_ON.has(it),
  "a header that says who the user is, such as cookie",
);

const Forward = z.strictObject({
  kind: z.literal("forward").describe("The application is asked who the user is"),
  url: PrivateUrl.describe("The application's endpoint; it answers a GET with 2xx, 401 or 403"),
  headers: z
    .array(PassedOn)
    .min(1, "at least one header")
    .max(16, "at most 16 headers")
    .default(["cookie", "authorization"])
    .describe("Headers of the request that are passed on; without any of them nobody is asked"),
  userHeader: Token.toLowerCase()
    .default("x-user-id")
    .describe("Header of the answer that holds the user's id"),
  userField: FieldPath.optional().describe(
    "Field of the answer's JSON that holds the user's id. Default: the header holds it",
  ),
  timeoutSeconds: wholeSeconds(1, 10).default(2).describe("Time the application has to answer"),
  cacheSeconds: wholeSeconds(0, 300)
    .default(10)
    .describe("How long an answer holds for the same headers; 0 asks every time"),
});

export const SignInSettings = z.discriminatedUnion("kind", [Jwt, Jwks, Cookie, Forward], {
  error: "one of jwt, jwks, cookie, forward",
});
export type SignInSettings = z.infer<typeof SignInSettings>;

/** The settings of one kind. */
export type SignInOfKind<K extends SignInSettings["kind"]> = Extract<SignInSettings, { kind: K }>;
