/** What every target offers: a host runs the services of a plan. */
import type * as pulumi from "@pulumi/pulumi";
import type { BundleName, LateName, Plan } from "../plan/plan.ts";

/** A bundle on this machine: its path relative to the program, and a hash that changes with its contents. */
export interface Bundle {
  readonly path: string;
  readonly sha256: string;
}

export interface HostArgs {
  readonly plan: Plan;
  /** Contents of the files that are known only while deploying. */
  readonly late: Readonly<Record<LateName, pulumi.Output<string>>>;
  readonly bundles: Readonly<Record<BundleName, Bundle>>;
}

export type HostConstructor = new (
  name: string,
  args: HostArgs,
  opts?: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;
