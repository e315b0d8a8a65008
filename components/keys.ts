import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { stringify } from "yaml";
import type { LateName, Plan } from "../plan/plan.ts";
import type { IceSources } from "../turn/iceSources.ts";
import type { SignInSettings } from "../turn/signInSettings.ts";
import { ApiKey } from "./apiKey.ts";

export interface KeysArgs {
  /** Of the keys that are valid, the current one first. */
  readonly generations: Plan["keyGenerations"];
  /** Who signs users in; a shared secret that is missing is generated. */
  readonly signIn: SignInSettings;
  readonly iceSources: IceSources;
}

/** Every generated secret of a stack, and the files the services read them from. */
export class Keys extends pulumi.ComponentResource {
  /** Signs room tokens. */
  readonly room: ApiKey;
  /** A LiveKit key of its own for TURN: it rotates and is attributed alone. It is not weaker. */
  readonly turn: ApiKey;
  /** Signs users' API tokens, where a shared secret does. */
  readonly apiJwtSecret: pulumi.Output<string> | undefined;
  /** Signs the tokens of verify, whoever signs users in. */
  readonly verifierKey: pulumi.Output<string>;
  /** Contents of the files, all secret. */
  readonly files: Readonly<
    Record<
      Exclude<LateName, "certificate" | "certificateKey" | "certificateAndKey" | "caCertificate">,
      pulumi.Output<string>
    >
  >;

  constructor(name: string, args: KeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:index:Keys", name, {}, opts);
    const { generations, signIn } = args;
    const pairOf = (of: number) => ({
      room: new ApiKey(`room-key-${of}`, { parent: this }),
      turn: new ApiKey(`turn-key-${of}`, { parent: this }),
    });
    const [current, ...previous] = [pairOf(generations[0]), ...generations.slice(1).map(pairOf)];
    this.room = current.room;
    this.turn = current.turn;
    const generated = (role: string) =>
      new random.RandomPassword(role, { length: 43, special: false }, { parent: this }).result;
    this.apiJwtSecret =
      signIn.kind === "jwt"
        ? signIn.secret === undefined
          ? generated("api-jwt-secret")
          : pulumi.secret(signIn.secret)
        : undefined;
    this.verifierKey = generated("verifier-key");
    this.files = {
      livekitKeys: keyFile([current, ...previous].flatMap(({ room, turn }) => [room, turn])),
      roomKey: keyJson(this.room),
      turnKey: keyJson(this.turn),
      signIn: pulumi.secret(
        pulumi.jsonStringify(this.apiJwtSecret ? { ...signIn, secret: this.apiJwtSecret } : signIn),
      ),
      iceSources: pulumi.secret(JSON.stringify(args.iceSources)),
      verifierKey: this.verifierKey,
      userIdKey: generated("user-id-key"),
    };
    this.registerOutputs({});
  }
}

/** LiveKit's `key_file`: a YAML map of key to secret. */
const keyFile = (keys: readonly ApiKey[]): pulumi.Output<string> =>
  pulumi
    .all(keys.map(({ key, secret }) => pulumi.all([key, secret])))
    .apply((pairs) => stringify(Object.fromEntries(pairs)));

const keyJson = ({ key, secret }: ApiKey): pulumi.Output<string> =>
  pulumi.jsonStringify({ key, secret });
