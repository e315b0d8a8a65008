import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { parameterPath } from "../../plan/awsPlace.ts";
import type { LateName } from "../../plan/plan.ts";

/** What the advanced tier holds: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html */
const LARGEST_BYTES = 8192;

export interface SecretParametersArgs {
  readonly stack: string;
  /** Contents of the files that the node gets as secrets. */
  readonly late: Readonly<Partial<Record<LateName, pulumi.Output<string>>>>;
  readonly keyArn: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A stack's secrets in Parameter Store, a SecureString each, under the stack's own key. */
export class SecretParameters extends pulumi.ComponentResource {
  /** The names of all begin so, then a slash. */
  readonly path: string;
  readonly arns: pulumi.Output<string[]>;
  /** `name=version` of each, by name: changes with every value, and tells nothing about it. */
  readonly versions: pulumi.Output<string>;

  constructor(name: string, args: SecretParametersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:SecretParameters", name, {}, opts);
    this.path = parameterPath(args.stack);
    const parameters = Object.entries(args.late)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([late, value]) => ({
        late,
        parameter: this.store(`${name}-${late}`, late, value, args),
      }));
    this.arns = pulumi.all(parameters.map(({ parameter }) => parameter.arn));
    this.versions = pulumi
      .all(
        parameters.map(({ late, parameter }) => pulumi.interpolate`${late}=${parameter.version}`),
      )
      .apply((all) => all.join(","));
    this.registerOutputs({ arns: this.arns, versions: this.versions });
  }

  private store(
    name: string,
    late: string,
    value: pulumi.Output<string>,
    { keyArn, tags }: SecretParametersArgs,
  ): aws.ssm.Parameter {
    const path = `${this.path}/${late}`;
    return new aws.ssm.Parameter(
      name,
      {
        name: path,
        type: "SecureString",
        keyId: keyArn,
        // Marked as a secret by the kind itself, whoever made it.
        value: value.apply((it) => requireRoom(late, it)),
        // Free up to 4 KB, which keys never reach; a chain of RSA certificates may.
        tier: "Intelligent-Tiering",
        tags: { ...tags, Name: path },
      },
      { parent: this },
    );
  }
}

/** The value, if Parameter Store holds as much. */
export function requireRoom(late: string, value: string): string {
  const bytes = Buffer.byteLength(value);
  if (bytes > LARGEST_BYTES)
    throw new pulumi.RunError(
      `the secret ${late} has ${bytes} bytes, wanted at most ${LARGEST_BYTES}, the most that Parameter Store holds - shorten what it is made of`,
    );
  return value;
}
