/** What `/readyz` of the API answers, as those who ask it from outside read it (api/routes/ready.ts). */
import * as z from "zod";
import { Check } from "../api/readiness/check.ts";
import { NodeDocumentStatus } from "../api/readiness/nodeDocument.ts";

/** Of the answer what is told; checks may be added, and what a node tells in another form counts as not told. */
const Report = z.object({
  status: z.string(),
  checks: z.record(z.string(), Check),
  document: NodeDocumentStatus.optional().catch(undefined),
});

export interface ReadyReport {
  /** `ready`, or why not in a word. */
  readonly status: string;
  /** Checks that failed, by name. */
  readonly failed: readonly { readonly name: string; readonly detail: string }[];
  /** Which document the node runs; undefined off a node of a cloud. */
  readonly document: NodeDocumentStatus | undefined;
}

/** Undefined for whatever is no report: at an address that went to somebody else any page may be a 200. */
export function readyReport(text: string): ReadyReport | undefined {
  const { data } = Report.safeParse(parsed(text));
  if (!data) return undefined;
  const failed = Object.entries(data.checks).filter(([, { ok }]) => !ok);
  return {
    status: data.status,
    failed: failed.map(([name, { detail }]) => ({ name, detail })),
    document: data.document,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
