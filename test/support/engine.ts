/** The one fake engine of all suites: runs a program and shows what it registered. */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { type RegisteredOptions, watchMonitor } from "./monitor.ts";

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly options: RegisteredOptions;
}

/** What a provider would draw at random: another text for each resource, and the same each time. */
export const drawn = (name: string, length: number) =>
  createHash("sha256").update(name).digest("hex").slice(0, length);

const draws: Readonly<Record<string, (name: string) => Record<string, unknown>>> = {
  "random:index/randomString:RandomString": (name) => ({ result: drawn(name, 12) }),
  "random:index/randomPassword:RandomPassword": (name) => ({ result: secret(drawn(name, 43)) }),
};

/** What a provider would answer, by resource type, beside the inputs themselves. */
const answers: Readonly<Record<string, Record<string, unknown>>> = {
  "tls:index/privateKey:PrivateKey": { privateKeyPem: secret("KEY-PEM") },
  "tls:index/certRequest:CertRequest": { certRequestPem: "REQUEST-PEM" },
  "tls:index/locallySignedCert:LocallySignedCert": { certPem: "LEAF-PEM\n" },
  "docker:index/remoteImage:RemoteImage": { imageId: "sha256:image" },
};

/** A secret as it travels between the engine and a program. */
export function secret(value: unknown) {
  return { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value };
}

export interface Deployed<T> {
  readonly result: T;
  readonly resources: readonly Registered[];
  readonly ofType: (type: string) => readonly Registered[];
  /** What the hooks that ran ended with, by name: an empty text when they went well. */
  readonly hookErrors: ReadonlyMap<string, string>;
}

/** What a cloud answers: to functions by token, and of resources by type, beside their inputs. */
export interface Cloud {
  readonly functions?: Readonly<Record<string, (inputs: Record<string, unknown>) => object>>;
  readonly outputs?: Readonly<Record<string, (it: Omit<Registered, "options">) => object>>;
}

/** Runs `program` against the fake engine as `stack`, with `config` as the stack's values, until everything is registered. */
export async function deploy<T>(
  program: () => T,
  {
    stack = "test",
    config = {},
    cloud = {},
    runHooks = false,
  }: {
    stack?: string;
    config?: Readonly<Record<string, string>>;
    cloud?: Cloud;
    runHooks?: boolean;
  } = {},
): Promise<Deployed<Awaited<T>>> {
  const resources: Omit<Registered, "options">[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const it = { type, name, inputs };
        resources.push(it);
        const outputs = {
          ...answers[type],
          ...draws[type]?.(name),
          ...cloud.outputs?.[type]?.(it),
        };
        return { id: `${name}-id`, state: { ...inputs, ...outputs } };
      },
      call: ({ token, inputs }) => {
        const answer = cloud.functions?.[token];
        if (answer) return answer(inputs);
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "turnkey",
    stack,
  );
  const { hookErrors, options } = watchMonitor({ runHooks });
  pulumi.runtime.setAllConfig({ ...config });
  const result = await program();
  await pulumi.runtime.disconnect();
  const registered = resources.map((it) => ({ ...it, options: optionsOf(options, it) }));
  const ofType = (type: string) => registered.filter((it) => it.type === type);
  return { result, resources: registered, ofType, hookErrors };
}

function optionsOf(
  all: ReadonlyMap<string, RegisteredOptions>,
  { type, name }: Pick<Registered, "type" | "name">,
): RegisteredOptions {
  const options = all.get(`${type} ${name}`);
  if (options) return options;
  throw new Error(`${name} was never registered with the monitor`);
}

/** An input with every secret wrapper taken off, at any depth. */
export function plain(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value)) return plain(pulumi.runtime.unwrapRpcSecret(value));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, plain(it)]));
  return value;
}

/** Whether a value, or anything inside it, is marked secret. */
export function holdsSecret(value: unknown): boolean {
  if (pulumi.runtime.isRpcSecret(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

/** What an output came to. */
export const valueOf = <T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> =>
  new Promise((resolve) => pulumi.output(output).apply(resolve));
