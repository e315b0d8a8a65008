/** Whether a node runs the document that was deployed, as its agent tells it (docs/node.md). */
import type { NodeDocumentStatus } from "../api/readiness/nodeDocument.ts";

/** Why it does not: a line for people. */
export interface DocumentProblem {
  readonly why: string;
  /** The node has tried that version and went back: by itself it does not try again. */
  readonly refused: boolean;
}

/** What keeps that version of the document (of S3's object) from running; undefined once it was applied. */
export function documentProblem(
  told: NodeDocumentStatus | undefined,
  version: string,
): DocumentProblem | undefined {
  if (!told) return { why: "it does not say which document it runs", refused: false };
  const { state, wanted, applied } = told;
  if (applied === version) return undefined;
  if (wanted !== version)
    return {
      why: `it has not taken up version ${version} of its document: it was last told ${wanted ?? "none"}`,
      refused: false,
    };
  switch (state) {
    case "refused":
      return {
        why: `it refused version ${version} of its document, and runs ${applied ?? "none"}`,
        refused: true,
      };
    case "draining":
      return { why: "it lets calls end before LiveKit starts anew", refused: false };
    case "starting":
    case "applying":
    case "applied":
      return { why: `it applies version ${version} of its document`, refused: false };
    default:
      return state satisfies never;
  }
}

/**
 * The same for a deployment that may be none of ours, or of before nodes told: undefined too where nothing is
 * told, and without a version the one counts that the node was last told.
 */
export function notDeployed(
  told: NodeDocumentStatus | undefined,
  version: string | undefined,
): DocumentProblem | undefined {
  if (!told) return undefined;
  const missed = version === undefined ? undefined : documentProblem(told, version);
  return missed ?? (told.wanted === null ? undefined : documentProblem(told, told.wanted));
}
