/** What `up` is told about the LAN, and keeping it for the updates to come. */
import { rmSync } from "node:fs";
import { lanChoiceFile } from "../../machine/lanChoice.ts";
import { shortName } from "../pulumi/stackFiles.ts";
import { writeWhole } from "../setup/writeWhole.ts";
import type { PlanWishes } from "./planOf.ts";

/** `--lan` is true, `--lan=ADDRESS` the address, `--no-lan` false; undefined says nothing. */
export type LanOption = string | boolean | undefined;

/** The wish that the option is; undefined leaves the choice as it is kept. */
export function lanWish(option: LanOption): PlanWishes | undefined {
  if (option === undefined) return undefined;
  if (option === false) return { lan: undefined };
  return { lan: { address: option === true ? "automatic" : option } };
}

/** Keeps what was wished for the stack, so that a later update does the same. */
export function keepLanWish(stack: string, { lan }: PlanWishes): void {
  const file = lanChoiceFile(shortName(stack));
  if (lan) writeWhole(file, `${JSON.stringify(lan)}\n`);
  else rmSync(file, { force: true });
}
