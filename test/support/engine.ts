/** The one fake engine of all suites: runs a program and shows what it registered. */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
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
}

/** Runs `program` against the fake engine as `stack`, with `config` as the stack's values, until everything is registered. */
export async function deploy<T>(
  program: () => T,
  {
    stack = "test",
    config = {},
  }: { stack?: string; config?: Readonly<Record<string, string>> } = {},
): Promise<Deployed<Awaited<T>>> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        resources.push({ type, name, inputs });
        return { id: `${name}-id`, state: { ...inputs, ...answers[type], ...draws[type]?.(name) } };
      },
      call: ({ token }) => {
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "turnkey",
    stack,
  );
  pulumi.runtime.setAllConfig({ ...config });
  const result = await program();
  await pulumi.runtime.disconnect();
  return { result, resources, ofType: (type) => resources.filter((it) => it.type === type) };
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
