/** Settings and machine in, plan out: pure, so the same input gives the same plan. */
import { isIP } from "node:net";
import type { Settings } from "../config.ts";
import { keyGenerations } from "../settings/rotations.ts";
import { SettingsError } from "../settingsError.ts";
import { iceUrls } from "../turn/iceUrls.ts";
import { listenAddress, LOOPBACK, row } from "../turn/ports.ts";
import type { SignInSettings } from "../turn/signInSettings.ts";
import { acmeOrder } from "./acmeOrder.ts";
import { apiService } from "./apiService.ts";
import { edgeService } from "./edgeService.ts";
import { wantsHsts } from "./hsts.ts";
import { haproxyImage, knowsAllocationQuota, livekitImage, nodeImage } from "./images.ts";
import { livekitService } from "./livekitService.ts";
import type { Machine } from "./machine.ts";
import { BUILT_API_IMAGE, PRIVATE_ADDRESS, PUBLIC_ADDRESS } from "./nodeDocument.ts";
import { developmentPeers, productionPeers } from "./peerPolicy.ts";
import type { Plan, ServiceName } from "./plan.ts";
import { portTable } from "./portTable.ts";
import { rightsHere, rightsOnNode } from "./processRights.ts";

/**
 * The plan of one stack. `stack` is the stack's name, which every container carries, so that two
 * stacks can stand beside each other. Throws a SettingsError where settings and machine do not go
 * together.
 */
export function makePlan(settings: Settings, machine: Machine, stack: string): Plan {
  const { nodeAddress, bindAddress = nodeAddress, network } = machine;
  const { edge, turn, api } = settings;
  const inCloud = settings.target === "aws";
  // LiveKit opens metrics where it opens signalling, and a browser gives a page without HTTPS no camera.
  if (machine.lan && !edge)
    throw new SettingsError(
      "edge: given false, wanted an edge: it is what a LAN is served by - pulumi config rm turnkey:edge, or npm run up -- --no-lan",
    );
  const ports = portTable(settings, network);
  const turnDomain = turn.domain ?? nodeAddress;
  const { reference: image, version } = livekitImage(settings.livekit, machine);
  const allocationsPerUser = knowsAllocationQuota(version) ? turn.allocationsPerUser : undefined;
  const urls = iceUrls(turnDomain, ports);
  const hasOwnCertificate = settings.certificate.chainFile !== undefined;
  // No public CA vouches for a private address, so there everyone comes by the name.
  const edgeHost = inCloud || hasOwnCertificate ? turnDomain : nodeAddress;
  const hosts = inCloud
    ? { api: settings.api.domain ?? edgeHost, livekit: settings.livekit.domain ?? edgeHost }
    : { api: edgeHost, livekit: edgeHost };
  const reachable = reachableUrls(ports, { nodeAddress, hosts });
  const servesDemo = settings.target === "docker" && settings.api.demo;
  const generations = keyGenerations(settings);
  const common = { network, nodeAddress, bindAddress, ports };
  const rights = inCloud ? rightsOnNode : rightsHere;
  const containerName = (service: ServiceName) => `turnkey-${stack}-${service}`;
  const names = certificateNames(
    inCloud
      ? [turnDomain, hosts.livekit, hosts.api]
      : hasOwnCertificate
        ? [edgeHost]
        : [turnDomain, nodeAddress, ...(nodeAddress === LOOPBACK ? ["localhost"] : [])],
  );
  return {
    ...common,
    stack,
    turnDomain,
    livekitVersion: version,
    keyGenerations: generations,
    credentialTtlSeconds: turn.credentialTtlSeconds,
    signIn: signInOutput(api.signIn),
    allocationsPerUser,
    services: [
      livekitService({
        ...common,
        containerName: containerName("livekit"),
        image,
        version,
        turnDomain: inCloud ? turn.domain : turnDomain,
        mediaCidr: inCloud ? settings.aws.vpc.cidr : `${nodeAddress}/32`,
        peers: inCloud
          ? productionPeers(settings.aws.vpc.cidr)
          : developmentPeers(machine.lan?.subnet ?? `${nodeAddress}/32`),
        process: rights.livekit,
        allocationsPerUser,
        limits: settings.livekit,
      }),
      apiService({
        containerName: containerName("api"),
        image: inCloud ? (api.image ?? BUILT_API_IMAGE) : nodeImage(api.image, machine),
        holdsBundles: inCloud,
        network,
        bindAddress,
        process: rights.api,
        ports,
        livekitUrls: reachable.livekit,
        iceUrls: urls,
        credentialTtlSeconds: turn.credentialTtlSeconds,
        roomTokenTtlSeconds: api.roomTokenTtlSeconds,
        keyGeneration: generations[0],
        grants: api.grants,
        userRequestsPerMinute: api.userRequestsPerMinute,
        addressRequestsPerMinute: api.addressRequestsPerMinute,
        corsOrigins: api.corsOrigins,
        blockedUsers: api.blockedUsers,
        handsOutCa: !inCloud && !hasOwnCertificate,
        servesDemo,
        servesDiagnostics: api.diagnostics,
        limits: api,
      }),
      ...(edge
        ? [
            edgeService({
              ...common,
              containerName: containerName("edge"),
              image: haproxyImage(edge.image, machine),
              // HAProxy reads the environment inside double quotes only.
              turnAddress: inCloud ? '"${PRIVATE_ADDRESS}"' : nodeAddress,
              environment: inCloud ? { PRIVATE_ADDRESS } : {},
              process: rights.edge,
              hsts: wantsHsts(names, { ownCa: !inCloud && !hasOwnCertificate }),
              maxConnections: edge.maxConnections,
              limits: edge,
            }),
          ]
        : []),
    ],
    logs: settings.logs,
    certificateNames: names,
    acme: inCloud && !hasOwnCertificate ? acmeOrder(settings.certificate.acme, names) : undefined,
    iceUrls: urls,
    iceSources: api.iceSources.map(({ kind, fallback }) => ({ kind, fallback })),
    apiUrl: reachable.clients.api,
    livekitUrl: reachable.clients.livekit,
    edgeUrl: reachable.edge,
    demoUrl: servesDemo ? `${reachable.clients.api}/demo` : undefined,
    diagnosticsUrl: api.diagnostics ? `${reachable.clients.api}/diagnostics` : undefined,
  };
}

/**
 * Where things are reached. Clients of a laptop that serves itself need no HTTPS: browsers take
 * loopback for secure, and nothing need trust the local CA. Everyone else comes through the edge.
 */
function reachableUrls(
  ports: Plan["ports"],
  {
    nodeAddress,
    hosts,
  }: {
    readonly nodeAddress: string;
    /** Names or addresses behind the edge. */
    readonly hosts: { readonly api: string; readonly livekit: string };
  },
) {
  const origin = (scheme: string, name: "signalling" | "api") => {
    const it = row(ports, name);
    return `${scheme}://${listenAddress(it, nodeAddress)}:${it.from}`;
  };
  const https = ports.find((it) => it.name === "https");
  const port = https && (https.from === 443 ? "" : `:${https.from}`);
  const edge =
    port === undefined
      ? undefined
      : { api: `https://${hosts.api}${port}`, livekit: `wss://${hosts.livekit}${port}` };
  const node = { api: origin("http", "api"), livekit: origin("ws", "signalling") };
  return {
    edge: edge?.api,
    livekit: { node: node.livekit, edge: edge?.livekit },
    clients: edge && nodeAddress !== LOOPBACK ? edge : node,
  };
}

/** What may be told of a sign-in. */
function signInOutput(signIn: SignInSettings): Plan["signIn"] {
  if (signIn.kind !== "jwt") return { kind: signIn.kind };
  const { kind, algorithm, issuer, audience, userClaim } = signIn;
  return { kind, algorithm, issuer, audience, userClaim };
}

function certificateNames(required: readonly string[]): Plan["certificateNames"] {
  const names = [...new Set(required)];
  return {
    dns: names.filter((it) => !isAddress(it)),
    ip: names.filter(isAddress),
  };
}

/** Also what stands for an address that is known only later. */
const isAddress = (it: string) => isIP(it) !== 0 || it === PUBLIC_ADDRESS;
