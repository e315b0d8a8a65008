import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** A generated LiveKit API key: a readable id and a secret of 43 characters (256 bits). */
export class ApiKey extends pulumi.ComponentResource {
  /** Travels readable in tokens and TURN user names. */
  readonly key: pulumi.Output<string>;
  /** A secret output. */
  readonly secret: pulumi.Output<string>;

  /** `name` carries the key's generation, such as `room-key-1`, so that a rotation adds a key and replaces none. */
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:index:ApiKey", name, {}, opts);
    const id = new random.RandomString(
      `${name}-id`,
      { length: 12, special: false },
      { parent: this },
    );
    const secret = new random.RandomPassword(
      `${name}-secret`,
      { length: 43, special: false },
      { parent: this },
    );
    // "API" in front is how LiveKit's own key generator names keys.
    this.key = pulumi.interpolate`API${id.result}`;
    this.secret = secret.result;
    this.registerOutputs({ key: this.key, secret: this.secret });
  }
}
