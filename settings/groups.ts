/** The settings of a stack, group by group, with their defaults. */
import { isIP } from "node:net";
import * as z from "zod";
import { LIVEKIT_VERSION, OLDEST_LIVEKIT } from "../plan/images.ts";
import { isTurnDomain } from "../turn/domain.ts";
import { IceSources } from "../turn/iceSources.ts";
import { RoomGrants } from "../turn/roomGrants.ts";
import { LONGEST_ROOM_TOKEN_SECONDS } from "../turn/roomToken.ts";
import { SignInSettings } from "../turn/signInSettings.ts";
import { isoDate } from "./rotations.ts";
import { Image, limits, PinnedImage, Port, PortRange, seconds, TurnPort } from "./values.ts";

const Version = z
  .string()
  .regex(/^\d+\.\d+\.\d+$/, { error: "a version such as 1.13.11", abort: true })
  .refine((it) => it.localeCompare(OLDEST_LIVEKIT, "en", { numeric: true }) >= 0, {
    error: `${OLDEST_LIVEKIT} or newer`,
  });

export const Livekit = z.strictObject({
  version: Version.optional().describe(
    `LiveKit's version, ${OLDEST_LIVEKIT} or newer; it names the published image. Default: ${LIVEKIT_VERSION}, or the one built on this machine`,
  ),
  image: Image.optional().describe(
    "Image to run instead of the published one; it holds that version. Default: the published image",
  ),
  port: Port.default(7880).describe("Signalling: HTTP and WebSocket, TCP"),
  metricsPort: Port.default(6789).describe("Prometheus metrics, TCP; never public"),
  ...limits({ memoryMib: 1024, cpus: 2 }),
});

export const Rtc = z.strictObject({
  tcpPort: Port.default(7881).describe("ICE over TCP, for clients whose UDP is blocked"),
  mediaPorts: PortRange.optional().describe(
    "Media, UDP; the relay range lies inside. Default: 50100 to 50200, on a bridge 50100 to 50119, on AWS 50000 to 60000",
  ),
});

export const Turn = z.strictObject({
  domain: z
    .string()
    .refine(isTurnDomain, "a name with a dot in it, or an IP address (LiveKit refuses others)")
    .optional()
    .describe("Name of the TURN server in certificates and ICE URLs. Default: the node's address"),
  udpPort: TurnPort.default(443).describe("TURN/UDP, and STUN: 53, 80, 443, or 1024 and above"),
  tlsPort: TurnPort.default(5349).describe("TURN/TLS, TCP: 53, 80, 443, or 1024 and above"),
  relayPorts: PortRange.optional().describe(
    "Relay addresses, UDP; inside rtc.mediaPorts, else packets between two relays of a node are dropped (LiveKit 1.13.10 and newer). Default: the media ports, on AWS 50000 to 54999",
  ),
  credentialTtlSeconds: seconds(60, 86_400, ", LiveKit's cap of 24 hours")
    .default(86_400)
    .describe("Life of a TURN credential from the API"),
  allocationsPerUser: z
    .int("a whole number")
    .min(1, "at least 1")
    .max(10_000, "at most 10000")
    .default(32)
    .describe(
      "Relay allocations one user may hold at a time (LiveKit 1.13.6 and newer); docs/nat.md says how many a browser takes",
    ),
});

/** A name of this node on the internet; an address is none, as AWS decides it. */
const Domain = z
  .string()
  .refine(
    (it) => isTurnDomain(it) && isIP(it) === 0,
    "a name with a dot in it, such as rtc.example.com",
  );

/** The node's address is AWS's choice, so what is named is a name. */
export const AwsTurn = Turn.extend({
  domain: Domain.optional().describe(
    "Name of the TURN server in certificates and ICE URLs. Default: the node's address",
  ),
});

/** What AWS runs of LiveKit: as on a laptop, under a name of its own if it is to have one. */
export const AwsLivekit = Livekit.extend({
  domain: Domain.optional().describe("Name of signalling. Default: turn.domain"),
  stopSeconds: seconds(1, 3_600)
    .default(60)
    .describe(
      "Time that calls get to end, in all, before they are ended with a reason and LiveKit with them: meanwhile nobody gets a token or a credential",
    ),
});

const Edge = z.strictObject({
  image: Image.optional().describe("HAProxy image. Default: a pinned HAProxy 2.6"),
  httpsPort: TurnPort.default(443).describe(
    "HTTPS, wss and TURN/TLS on one port, TCP; rooms always look for TURN/TLS on 443",
  ),
  turnPort: Port.default(5350).describe(
    "Where LiveKit takes TURN from the edge, TCP without TLS; never public",
  ),
  metricsPort: Port.default(8404).describe("Prometheus metrics of HAProxy, TCP; never public"),
  maxConnections: z
    .int("a whole number")
    .min(10, "at least 10")
    .max(1_000_000, "at most 1000000")
    .default(2_000)
    .describe("Connections held at a time"),
  ...limits({ memoryMib: 256, cpus: 1 }),
});

/** On AWS the node orders its certificate itself, and the edge hands it the challenges. */
export const AwsEdge = Edge.extend({
  acmePort: Port.default(8402).describe(
    "Where the node's ACME client answers challenges that the edge hands on, TCP; never public",
  ),
});

/** `false`, also as Pulumi hands it over (text), is a stack without an edge: LiveKit ends TLS itself. */
export const EdgeSetting = z.preprocess(
  (it) => (it === "false" ? false : (it ?? {})),
  z.union([z.literal(false), Edge], { error: "false, or an object of the edge's settings" }),
);

const requestsPerMinute = (normal: number) =>
  z.int("a whole number").min(1, "at least 1").max(1_000_000, "at most 1000000").default(normal);

/** RFC 6454: what a browser sends as Origin. */
const Origin = z
  .string()
  .refine((it) => URL.canParse(it) && new URL(it).origin === it && /^https?:/.test(it), {
    error: "an origin such as https://app.example.com, without a path",
  });

export const Api = z.strictObject({
  port: Port.default(7890).describe("The API server, TCP; public only without an edge"),
  metricsPort: Port.default(7891).describe("Prometheus metrics of the API, TCP; never public"),
  image: Image.optional().describe("Node image that runs the API. Default: a pinned Node 24"),
  roomTokenTtlSeconds: seconds(60, LONGEST_ROOM_TOKEN_SECONDS)
    .default(3_600)
    .describe("How long a room token may be used to join"),
  signIn: SignInSettings.prefault({ kind: "jwt" }).describe(
    "Who signs users in, and how: docs/sign-in.md",
  ),
  iceSources: IceSources.describe("Where ICE servers come from, in order: docs/ice-sources.md"),
  grants: RoomGrants.prefault({}).describe("What room tokens grant at most"),
  blockedUsers: z
    .array(z.string().min(1, "a user's id"))
    .default([])
    .describe(
      "Ids of users who get no credentials and room tokens; npm run revoke adds and removes them",
    ),
  userRequestsPerMinute: requestsPerMinute(60).describe(
    "Requests of one signed-in user that are answered in a minute",
  ),
  addressRequestsPerMinute: requestsPerMinute(600).describe(
    "Requests from one address (IPv6: one /64 network) that are answered in a minute",
  ),
  corsOrigins: z
    .array(Origin)
    .default([])
    .describe("Sites whose pages may ask the API from a browser: exact origins"),
  ...limits({ memoryMib: 256, cpus: 1 }),
});

/** Only a stack on this machine has the demo page: it lets people in without a sign-in. */
export const DockerApi = Api.extend({
  diagnostics: z
    .boolean("true or false")
    .default(true)
    .describe("Whether the API serves a page, /diagnostics, that tells whether a network can call"),
  demo: z
    .boolean("true or false")
    .default(true)
    .describe(
      "Whether the API serves a page, /demo, that lets whoever reaches it into demo calls without a sign-in",
    ),
});

/**
 * A generated secret signs tokens for whoever can read the stack's outputs: fine on a laptop, not
 * for the users of a deployment.
 */
export const AwsApi = z.preprocess(
  (it) => it ?? {},
  Api.extend({
    domain: Domain.optional().describe("Name of the API. Default: turn.domain"),
    image: PinnedImage.optional().describe(
      "Image of the API, made by api/Dockerfile, with a digest or a version. Default: built here, and pushed to a repository of the stack's own",
    ),
    diagnostics: z
      .boolean("true or false")
      .default(false)
      .describe(
        "Whether the API serves signed-in users a page, /diagnostics, that tells whether a network can call",
      ),
  }).superRefine(({ signIn }, context) => {
    if (signIn.kind === "jwt" && signIn.secret === undefined)
      context.addIssue({
        code: "custom",
        path: ["signIn", "secret"],
        message: "a secret of your own; a generated one is for target docker only",
      });
  }),
);

const IsoDate = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

const RotationDate = z
  .string("a date such as 2026-11-22")
  .overwrite(isoDate)
  .refine((it) => IsoDate.safeParse(it).success, "a date such as 2026-11-22");

export const Keys = z.strictObject({
  rotations: z
    .array(RotationDate)
    .default([])
    .describe(
      "When the keys of rooms and TURN were rotated, oldest first: dates (midnight UTC) or times of ISO 8601. A date counts from the next update on, whatever the clock says, and stays in the list; npm run rotate appends one",
    ),
  revoked: z
    .array(z.int("a generation, such as 1").min(1, "at least 1"))
    .default([])
    .describe(
      "Generations of keys that are refused from the next update on, before their time; npm run revoke adds them",
    ),
});

const Path = z.string().min(1, "a file's path");

const certificateFiles = {
  chainFile: Path.optional().describe(
    "PEM file with the certificate and its intermediates, leaf first, relative to the project; with keyFile. A CA that machines do not know of themselves stands last. Default: one from the local CA, on AWS one that the node orders",
  ),
  keyFile: Path.optional().describe(
    "PEM file with the certificate's private key. Default: the local CA's certificate has its own",
  ),
};

interface CertificateFiles {
  readonly chainFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

function bothFiles({ chainFile, keyFile }: CertificateFiles, context: z.RefinementCtx): void {
  const missing = (key: string, other: string) =>
    context.addIssue({
      code: "custom",
      path: [key],
      message: `a file's path as well, since ${other} is set`,
    });
  if (chainFile !== undefined && keyFile === undefined) missing("keyFile", "certificate.chainFile");
  if (keyFile !== undefined && chainFile === undefined) missing("chainFile", "certificate.keyFile");
}

export const Certificate = z.strictObject(certificateFiles).superRefine(bothFiles);

/** Who gives the node its certificate (RFC 8555). */
const Acme = z
  .strictObject({
    directory: z
      .url({ protocol: /^https$/, error: "an https URL" })
      .optional()
      .describe("Directory URL of the authority. Default: Let's Encrypt's"),
    staging: z
      .boolean("true or false")
      .default(false)
      .describe(
        "Whether Let's Encrypt's staging gives it: for trials, as no client trusts it and its limits are wide",
      ),
    email: z
      .email("an e-mail address")
      .optional()
      .describe("Whom the authority may write to. Default: nobody"),
  })
  .refine(({ directory, staging }) => directory === undefined || !staging, {
    error: "false, since certificate.acme.directory names another authority",
    path: ["staging"],
  });

/** On AWS the node orders its certificate where no files are given. */
export const AwsCertificate = z
  .strictObject({ ...certificateFiles, acme: Acme.prefault({}) })
  .superRefine(bothFiles);

export const networkModes = ["host", "bridge"] as const;

export const Docker = z.strictObject({
  network: z
    .enum(networkModes, { error: `one of ${networkModes.join(", ")}` })
    .optional()
    .describe(
      "How LiveKit meets the network: the machine's own, or published ports. Default: host on a native Linux engine, else bridge",
    ),
});

export const Logs = z.strictObject({
  maxMib: z
    .int("a whole number of MiB")
    .min(1, "at least 1")
    .max(10_240, "at most 10240")
    .default(10)
    .describe("Size in MiB at which a container's log file is rotated"),
  files: z
    .int("a whole number")
    .min(1, "at least 1")
    .max(100, "at most 100")
    .default(3)
    .describe("Log files kept of each container"),
});
