import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsProvider, recordedAws } from "../../registry-only/aws/awsProvider.ts";
import { objectAt, textAt } from "./recording.ts";
import type { JsonObject } from "./recording.ts";
import { replay } from "./replay.ts";
import type { Replay } from "./replay.ts";

/** The stand-in for `aws`, behind real gRPC, with a recorded cloud in a folder of its own. */
export interface RecordedAws extends Replay {
  readonly folder: string;
  /** The lines of the log, without their times. */
  log(): JsonObject[];
  /** Puts a JSON file into the cloud's folder. */
  give(file: string, content: unknown): void;
  /** Checks and creates, as the engine does; the answer's id and state. */
  make(kind: string, name: string, news: JsonObject): Promise<Made>;
}

/** A resource that was made, as the engine keeps it. */
export interface Made {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: JsonObject;
  readonly state: JsonObject;
}

/** Starts it in a region; `cloud: false` leaves the recorded cloud away. */
export async function startAws({
  cloud = true,
  region = "eu-central-1",
} = {}): Promise<RecordedAws> {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-aws-"));
  const environment = cloud ? { [recordedAws]: folder } : {};
  const provider = await replay(awsProvider("7.48.0", environment));
  await provider.call("Configure", { args: { region } });
  return {
    folder,
    call: (method, request) => provider.call(method, request),
    log: () =>
      readFileSync(join(folder, "log.jsonl"), "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line): JsonObject => {
          const { at: _, ...rest }: JsonObject = JSON.parse(line);
          return rest;
        }),
    give: (file, content) => writeFileSync(join(folder, file), JSON.stringify(content)),
    make: async (kind, name, news) => {
      const type = `aws:${kind}`;
      const checked = await provider.call("Check", { type, name, news });
      if (checked["failures"] !== undefined) throw new Error(JSON.stringify(checked["failures"]));
      const inputs = objectAt(checked, "inputs");
      const made = await provider.call("Create", { type, name, properties: inputs });
      return { type, name, inputs, id: textAt(made, "id"), state: objectAt(made, "properties") };
    },
    close: () => {
      provider.close();
      rmSync(folder, { recursive: true });
    },
  };
}
