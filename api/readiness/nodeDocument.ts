/** Which document the node runs, as its agent tells it in a file (node/agent.py). */
import { readFile } from "node:fs/promises";
import * as z from "zod";

const Version = z.string().max(1024).nullable();

/** For strangers as well: what is wrong with a document stays in the agent's log. */
export const NodeDocumentStatus = z.object({
  /**
   * `draining` from when calls are let end until LiveKit runs again; `applied` once the wanted version is;
   * `refused` when the node went back to the last good one, or stayed with it.
   */
  state: z.enum(["starting", "applying", "draining", "applied", "refused"]),
  /** Version of the document object that the node was told to run; null before it knew one. */
  wanted: Version,
  /** The version that runs; null before any did. */
  applied: Version,
  since: z.iso.datetime(),
});
export type NodeDocumentStatus = z.infer<typeof NodeDocumentStatus>;

/** Reads the file whenever it is asked; undefined while it tells nothing. Never throws. */
export const nodeDocumentStatus =
  (file: string) => async (): Promise<NodeDocumentStatus | undefined> => {
    try {
      return NodeDocumentStatus.safeParse(JSON.parse(await readFile(file, "utf8"))).data;
    } catch {
      return undefined;
    }
  };
