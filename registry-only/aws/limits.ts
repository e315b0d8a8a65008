import { isDeepStrictEqual } from "node:util";
import type { Props } from "../provider/value.ts";
import type { AwsKind } from "./awsKind.ts";
import type { Cloud } from "./cloud.ts";
import type { Recorded } from "./recorded.ts";

/** Refuses what AWS has only once, or takes away the one that was there. */
export async function makeRoom(
  { unique }: AwsKind,
  cloud: Cloud,
  token: string,
  inputs: Props,
): Promise<void> {
  if (unique === undefined) return;
  const { by, code, unless } = unique;
  const given = by.filter((name) => inputs[name] !== undefined);
  const same = (it: Recorded) =>
    it.token === token && by.every((name) => isDeepStrictEqual(it.state[name], inputs[name]));
  const others = given.length === 0 ? [] : (await cloud.all()).filter(same);
  if (others.length > 0 && (unless === undefined || inputs[unless] !== true)) {
    const what = given.map((name) => `${name} ${JSON.stringify(inputs[name])}`).join(", ");
    throw new Error(`${code}: one with ${what} already exists (${others[0]?.id})`);
  }
  await Promise.all(others.map((it) => cloud.remove(token, it.id)));
}

/** Refuses to delete what is protected or what another one still uses. */
export async function mayGo(
  { kept, held }: AwsKind,
  cloud: Cloud,
  id: string,
  state: Props,
): Promise<void> {
  const reason = kept?.(state);
  if (reason !== undefined) throw new Error(reason);
  if (held === undefined || (held.unless !== undefined && state[held.unless] === true)) return;
  const uses = (value: Props[string] | undefined) =>
    Array.isArray(value) ? value.includes(id) : value === id;
  const holder = (await cloud.all()).find((it) => {
    const input = held.by[it.token];
    return input !== undefined && uses(it.state[input]);
  });
  if (holder !== undefined) {
    throw new Error(`${held.code}: ${id} is still used by ${holder.id} (${holder.token})`);
  }
}
