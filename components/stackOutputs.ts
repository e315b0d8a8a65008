import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../plan/plan.ts";
import type { StackOutputs } from "../turn/outputs.ts";
import type { ApiKey } from "./apiKey.ts";
import type { ServerCertificate } from "./certificate.ts";
import type { Keys } from "./keys.ts";

type Inputs<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };

/** What the stack exports: the wire that verify, the scripts and users' tools read. */
export const stackOutputs = (
  plan: Plan,
  keys: Keys,
  { caCertificate }: Pick<ServerCertificate, "caCertificate">,
): Inputs<StackOutputs> => ({
  apiUrl: plan.apiUrl,
  livekitUrl: plan.livekitUrl,
  nodeAddress: plan.nodeAddress,
  network: plan.network,
  iceUrls: [...plan.iceUrls],
  iceSources: [...plan.iceSources],
  ports: [...plan.ports],
  turnDomain: plan.turnDomain,
  caCertificate,
  livekitVersion: plan.livekitVersion,
  containers: Object.fromEntries(plan.services.map((it) => [it.name, it.containerName])),
  credentialTtlSeconds: plan.credentialTtlSeconds,
  keyGeneration: plan.keyGenerations[0],
  signIn: plan.signIn,
  verifierKey: keys.verifierKey,
  roomKey: pair(keys.room),
  turnKey: pair(keys.turn),
  // Pulumi warns of outputs that are undefined.
  ...(plan.edgeUrl === undefined ? {} : { edgeUrl: plan.edgeUrl }),
  ...(plan.demoUrl === undefined ? {} : { demoUrl: plan.demoUrl }),
  ...(keys.apiJwtSecret === undefined ? {} : { apiJwtSecret: keys.apiJwtSecret }),
  ...(plan.diagnosticsUrl === undefined ? {} : { diagnosticsUrl: plan.diagnosticsUrl }),
  ...(plan.allocationsPerUser === undefined ? {} : { allocationsPerUser: plan.allocationsPerUser }),
});

const pair = (it: ApiKey) =>
  pulumi.all([it.key, it.secret]).apply(([key, secret]) => ({ key, secret }));
