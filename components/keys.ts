import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { stringify } from "yaml";
import type { LateName } from "../plan/plan.ts";
import { ApiKey } from "./apiKey.ts";

export interface KeysArgs {
  /** Of the current keys, from 1 on; those of the generation before stay valid. */
  readonly generation: number;
  /** Signs users' API tokens. Default: a generated secret. */
  readonly apiJwtSecret?: string | undefined;
}

/** Every generated secret of a stack, and the files the services read them from. */
export class Keys extends pulumi.ComponentResource {
  /** Signs room tokens. */
  readonly room: ApiKey;
  /** A LiveKit key of its own for TURN: it rotates and is attributed alone. It is not weaker. */
  readonly turn: ApiKey;
  readonly apiJwtSecret: pulumi.Output<string>;
  /** Contents of the files, all secret. */
  readonly files: Readonly<
    Record<
      Extract<LateName, "livekitKeys" | "roomKey" | "turnKey" | "apiJwtSecret" | "userIdKey">,
      pulumi.Output<string>
    >
  >;

  constructor(name: string, args: KeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:index:Keys", name, {}, opts);
    const { generation } = args;
    const pairOf = (of: number) => ({
      room: new ApiKey(`room-key-${of}`, { parent: this }),
      turn: new ApiKey(`turn-key-${of}`, { parent: this }),
    });
    const current = pairOf(generation);
    const previous = generation > 1 ? [pairOf(generation - 1)] : [];
    this.room = current.room;
    this.turn = current.turn;
    const generated = (role: string) =>
      new random.RandomPassword(role, { length: 43, special: false }, { parent: this }).result;
    this.apiJwtSecret =
      args.apiJwtSecret === undefined
        ? generated("api-jwt-secret")
        : pulumi.secret(args.apiJwtSecret);
    this.files = {
      livekitKeys: keyFile([current, ...previous].flatMap(({ room, turn }) => [room, turn])),
      roomKey: keyJson(this.room),
      turnKey: keyJson(this.turn),
      apiJwtSecret: this.apiJwtSecret,
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
