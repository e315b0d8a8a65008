/** What a deployment says of itself at `/readyz`, and what is seen where it says nothing yet. */
import { notDeployed } from "../../machine/documentProblem.ts";
import { readyReport } from "../../machine/readyReport.ts";
import { isCertificateError } from "../../verify/trust.ts";

/** A name and the addresses that it leads to from here, none where it is not found. */
export interface WrongName {
  readonly name: string;
  readonly found: readonly string[];
}

/** What one look sees. */
export type Seen =
  | { readonly kind: "ready" }
  /** Names that do not lead to the node. */
  | { readonly kind: "names"; readonly wrong: readonly WrongName[] }
  /** No connection, by the code of the error: `ECONNREFUSED`, `ETIMEDOUT`. */
  | { readonly kind: "connection"; readonly code: string }
  /** TLS, but no certificate that is trusted for that name. */
  | { readonly kind: "certificate"; readonly code: string }
  /** An answer that is not of our API. */
  | { readonly kind: "stranger"; readonly status: number }
  /** The API answers, and something that it needs is not there. */
  | { readonly kind: "checks"; readonly waiting: readonly string[] }
  /** All works, but the node runs another document than it should; `refused`: it will not try by itself. */
  | { readonly kind: "document"; readonly why: string; readonly refused: boolean };

/** What an answer means; `body` is its text, `documentVersion` what was deployed, where that is known. */
export function seenIn(status: number, body: string, documentVersion?: string): Seen {
  const report = readyReport(body);
  if (!report || (status !== 200 && status !== 503)) return { kind: "stranger", status };
  const problem = notDeployed(report.document, documentVersion);
  if (status === 200) return problem ? { kind: "document", ...problem } : { kind: "ready" };
  const waiting = report.failed.map(({ name, detail }) => `${name} (${detail})`);
  return { kind: "checks", waiting: waiting.length > 0 ? waiting : [report.status] };
}

/** What a failed request means, by its error's code. */
export const seenFailure = (code: string): Seen =>
  isCertificateError(code) ? { kind: "certificate", code } : { kind: "connection", code };

/** One line for people: what is waited for. */
export function describeSeen(seen: Seen): string {
  switch (seen.kind) {
    case "ready":
      return "ready";
    case "names":
      return `DNS: ${seen.wrong.map(({ name, found }) => `${name} ${found.length > 0 ? `leads to ${found.join(", ")}` : "is not found"}`).join("; ")}`;
    case "connection":
      return `nothing answers yet (${seen.code}): the node boots, or its edge is not up`;
    case "certificate":
      return `no trusted certificate yet (${seen.code}): the node orders it once its names lead to it`;
    case "stranger":
      return `${seen.status}, and not from the API: the edge is up, and the API behind it is not`;
    case "checks":
      return `not ready: ${seen.waiting.join(", ")}`;
    case "document":
      return `the node does not run what was deployed: ${seen.why}`;
    default:
      return seen satisfies never;
  }
}
