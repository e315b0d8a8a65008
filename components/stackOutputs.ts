import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../plan/plan.ts";
import type { StackOutputs } from "../turn/outputs.ts";
import type { ApiKey } from "./apiKey.ts";
import type { Host } from "./host.ts";
import type { Keys } from "./keys.ts";

type Inputs<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };

export interface StackOutputsArgs {
  readonly target: StackOutputs["target"];
  /** The plan before anything is deployed. */
  readonly plan: Plan;
  /** The plan at the address that the node has: where that was known before, the same. */
  readonly planAt: (nodeAddress: string) => Plan;
  readonly host: Host;
  readonly keys: Keys;
  /** Undefined where a public CA vouches for the certificate. */
  readonly caCertificate: string | undefined;
}

/** What the stack exports: the wire that verify, the scripts and users' tools read. */
export function stackOutputs(args: StackOutputsArgs): Inputs<StackOutputs> {
  const { target, plan, host, keys, caCertificate } = args;
  const deployed = host.nodeAddress.apply(args.planAt);
  /** As planned, unless the node's address is in it. */
  const value = <T>(pick: (plan: Plan) => T): pulumi.Input<T> => {
    const planned = pick(plan);
    const waits = JSON.stringify(planned).includes(plan.nodeAddress);
    return waits ? deployed.apply(pick) : planned;
  };
  // Pulumi warns of outputs that are undefined.
  const url = <K extends "edgeUrl" | "demoUrl" | "diagnosticsUrl">(name: K) =>
    plan[name] === undefined ? {} : { [name]: value((it) => it[name] ?? "") };
  return {
    target,
    apiUrl: value((it) => it.apiUrl),
    livekitUrl: value((it) => it.livekitUrl),
    nodeAddress: host.nodeAddress,
    network: plan.network,
    iceUrls: value((it) => [...it.iceUrls]),
    iceSources: [...plan.iceSources],
    ports: [...plan.ports],
    turnDomain: value((it) => it.turnDomain),
    livekitVersion: plan.livekitVersion,
    containers: Object.fromEntries(plan.services.map((it) => [it.name, it.containerName])),
    credentialTtlSeconds: plan.credentialTtlSeconds,
    keyGeneration: plan.keyGenerations[0],
    signIn: plan.signIn,
    verifierKey: keys.verifierKey,
    roomKey: pair(keys.room),
    turnKey: pair(keys.turn),
    ...url("edgeUrl"),
    ...url("demoUrl"),
    ...url("diagnosticsUrl"),
    ...(caCertificate === undefined ? {} : { caCertificate }),
    ...(keys.apiJwtSecret === undefined ? {} : { apiJwtSecret: keys.apiJwtSecret }),
    ...(plan.allocationsPerUser === undefined
      ? {}
      : { allocationsPerUser: plan.allocationsPerUser }),
    ...(host.cloud === undefined ? {} : { cloud: host.cloud }),
  };
}

const pair = (it: ApiKey) =>
  pulumi.all([it.key, it.secret]).apply(([key, secret]) => ({ key, secret }));
