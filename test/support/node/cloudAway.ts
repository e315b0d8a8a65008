/** Takes AWS away from a rig's nodes, in the ways in which it goes away. */
import { inNamespace } from "../networkTools.ts";
import { ask } from "./ask.ts";
import { AWS_NAMES } from "./deployment.ts";
import { WORLD } from "./places.ts";
import type { Rig } from "./rig.ts";

/** An address on the internet that is nobody's. */
const NOBODY = "18.184.3.99";
const ANY = 1_000_000_000;

/** Drops whatever goes to an address, and what comes from it, without an answer, until it is disposed of. */
export async function dropped(
  { internet }: Pick<Rig, "internet">,
  address: string,
): Promise<AsyncDisposable> {
  const table = `ip dropped_${address.replaceAll(".", "_")}`;
  const nft = (...commands: string[]) => inNamespace(internet.router, "nft", commands.join("; "));
  await nft(
    `add table ${table}`,
    `add chain ${table} both { type filter hook prerouting priority raw; policy accept; }`,
    ...["daddr", "saddr"].map((it) => `add rule ${table} both ip ${it} ${address} drop`),
  );
  return { [Symbol.asyncDispose]: async () => void (await nft(`delete table ${table}`)) };
}

/** Everything of AWS is away. */
export const awsAway = (rig: Pick<Rig, "internet">): Promise<AsyncDisposable> =>
  dropped(rig, WORLD.aws);

/** One service of AWS is away, and the others are not. */
export async function serviceAway(
  rig: Pick<Rig, "internet" | "world">,
  service: "s3" | "ssm",
): Promise<AsyncDisposable> {
  const names = AWS_NAMES.filter((it) => it.split(".").includes(service));
  const resolve = (address: string) =>
    rig.world.resolve(Object.fromEntries(names.map((it) => [it, address])));
  const nowhere = await dropped(rig, NOBODY);
  await resolve(NOBODY);
  return {
    [Symbol.asyncDispose]: async () => {
      await resolve(WORLD.aws);
      await nowhere[Symbol.asyncDispose]();
    },
  };
}

/** AWS takes connections, and then says nothing. */
export async function awsHangs({ internet }: Pick<Rig, "internet">): Promise<AsyncDisposable> {
  const { world } = internet;
  const listener = await inNamespace(world, "ss", "-Hltnp", "src", `${WORLD.aws}:443`);
  const pid = /pid=(\d+)/.exec(listener)?.[1] ?? "";
  const signal = (name: string) => inNamespace(world, "kill", `-${name}`, pid);
  await signal("STOP");
  return { [Symbol.asyncDispose]: async () => void (await signal("CONT")) };
}

/** AWS denies whatever the node's role asks for: moto, from then on, lets nobody in whom it does not know. */
export async function roleWithoutRights({
  internet,
  cloud,
}: Pick<Rig, "internet" | "cloud">): Promise<AsyncDisposable> {
  const letIn = async (requests: number) => {
    const url = `https://${AWS_NAMES[0]}/moto-api/reset-auth`;
    const question = { url, method: "POST", body: String(requests) };
    await ask(internet.world, { ca: cloud.ca, questions: [question] });
  };
  await letIn(0);
  return { [Symbol.asyncDispose]: () => letIn(ANY) };
}

/** Does something while a fault lasts, which is mended in any case. */
export async function meanwhile<T>(
  begun: Promise<AsyncDisposable>,
  work: () => Promise<T>,
): Promise<T> {
  const fault = await begun;
  try {
    return await work();
  } finally {
    await fault[Symbol.asyncDispose]();
  }
}
