/** What every target offers: a host runs the services of a plan. */
import type * as pulumi from "@pulumi/pulumi";
import type { BundleName, LateName, Plan } from "../plan/plan.ts";
import type { CloudOutputs } from "../turn/outputs.ts";

/** A bundle on this machine: its path relative to the program, and a hash that changes with its contents. */
export interface Bundle {
  readonly path: string;
  readonly sha256: string;
}

export interface HostArgs {
  readonly plan: Plan;
  /** Contents of the files that are known only while deploying; where the host has its own certificate, none of it. */
  readonly late: Readonly<Partial<Record<LateName, pulumi.Output<string>>>>;
  readonly bundles: Readonly<Record<BundleName, Bundle>>;
}

/** Where the services run, once they do. */
export interface Host extends pulumi.ComponentResource {
  /** The IPv4 address that LiveKit announces. */
  readonly nodeAddress: pulumi.Output<string>;
  /** What a cloud's node is known by; undefined on this machine. */
  readonly cloud?: pulumi.Output<CloudOutputs>;
}
