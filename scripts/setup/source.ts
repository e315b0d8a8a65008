/** Where Pulumi comes from on this machine: its official downloads, or package registries only. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { UserError } from "../userError.ts";
import type { DownloadAnswer } from "./canDownload.ts";
import { writeWhole } from "./writeWhole.ts";

export const Source = z.strictObject({
  source: z.enum(["official", "registry-only"]),
  /** Why, in words. */
  reason: z.string(),
  askedAt: z.iso.datetime(),
});
export type Source = z.infer<typeof Source>;

const REMEMBERED_MS = 24 * 60 * 60 * 1000;

/** Where the answer is remembered, inside the cache folder. */
export const sourceFile = (cache: string) => join(cache, "source.json");

export interface SourceQuestion {
  /** Turnkey's cache folder. */
  readonly cache: string;
  readonly now: Date;
  /** Ask again even if the answer is remembered. */
  readonly online: boolean;
  readonly platform: NodeJS.Platform;
  /** Whether an official CLI of our version is installed already. */
  readonly officialCli: boolean;
  readonly probe: () => Promise<DownloadAnswer>;
}

/** The answer of the last 24 hours, if there is one. */
export function rememberedSource(cache: string, now: Date): Source | undefined {
  let text: string;
  try {
    text = readFileSync(sourceFile(cache), "utf8");
  } catch {
    return undefined;
  }
  const answer = Source.safeParse(parseJson(text)).data;
  if (!answer) return undefined;
  const ageMs = now.getTime() - Date.parse(answer.askedAt);
  return ageMs >= 0 && ageMs < REMEMBERED_MS ? answer : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The answer that needs no question: an official CLI that is there, or what is remembered. */
export function knownSource({
  cache,
  now,
  online,
  officialCli,
}: SourceQuestion): Source | undefined {
  if (officialCli)
    return {
      source: "official",
      reason: "the official Pulumi CLI is installed",
      askedAt: now.toISOString(),
    };
  return online ? undefined : rememberedSource(cache, now);
}

/** Tries the official download and remembers the answer. Throws where only that one would do. */
export async function askSource({ cache, now, platform, probe }: SourceQuestion): Promise<Source> {
  const answer = await probe();
  if (!answer.works && platform !== "linux")
    throw new UserError(`Pulumi cannot be downloaded: ${answer.reason}`, [
      "check the network (HTTPS_PROXY is honoured), then run the same command again",
      `machines that reach only package registries are supported on Linux, not on ${platform}`,
    ]);
  const source: Source = {
    source: answer.works ? "official" : "registry-only",
    reason: answer.works ? "Pulumi's download site answers" : answer.reason,
    askedAt: now.toISOString(),
  };
  writeWhole(sourceFile(cache), `${JSON.stringify(source, undefined, 2)}\n`);
  return source;
}

/** The line that says which way it went. */
export function sourceLine({ source, reason, askedAt }: Source): string {
  if (source === "official") return `Pulumi: official downloads (${reason})`;
  const asked = askedAt.slice(0, 16).replace("T", " ");
  return `registry-only machine: ${reason}; Pulumi is built here and stand-ins take the place of its plugins (asked ${asked} UTC, --online asks again)`;
}
