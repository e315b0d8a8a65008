/** Network namespaces of a test's own, which a keeper undoes. */
import { inNamespace, ip } from "../networkTools.ts";
import { asRoot } from "./asRoot.ts";
import type { Keeper } from "./keeper.ts";

/** Runs commands in one, each after the one before; words end at spaces. */
export async function inTurn(namespace: string, ...commands: readonly string[]): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- each needs what is before it
  for (const it of commands) await inNamespace(namespace, ...it.split(" "));
}

/** Notes that a name of a namespace goes, if it is there. */
export const noteNamespace = (name: string, keeper: Keeper): void =>
  keeper.note("sh", "-c", `${asRoot("ip", "netns", "delete", name).join(" ")} 2>/dev/null || true`);

/** Makes one, with loopback. What still runs in it when the keeper undoes it is killed. */
export async function makeNamespace(name: string, keeper: Keeper): Promise<void> {
  noteNamespace(name, keeper);
  // Its processes hold it: they end first.
  const kill = `ip netns pids ${name} 2>/dev/null | xargs -r kill -KILL`;
  keeper.note(...asRoot("sh", "-c", kill));
  await ip("netns", "add", name);
  await inTurn(name, "ip link set lo up");
}
