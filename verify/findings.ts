import type { Transport } from "./iceUrl.ts";
import type { Tally } from "./packets.ts";

/** What must be refused, and was tried. */
export type Attempt =
  | "no-token"
  | "wrong-password"
  | "expired-credential"
  | "tampered-credential"
  | "metadata-permission"
  | "metadata-channel"
  | "above-quota"
  | "tcp-relay";

/** What a refused credential was signed with; undefined where the right key is not known. */
export type Signature = "stack-key" | "other-secret" | "other-key" | undefined;

/** TURN and STUN requests, in the RFC's words. */
export type TurnRequest = "Binding" | "Allocate" | "Refresh" | "CreatePermission" | "ChannelBind";

/** What a leg saw when it failed: facts only, what they mean is for `explain`. */
export type Finding =
  | { readonly kind: "api-unreachable"; readonly code: string }
  | { readonly kind: "api-status"; readonly status: number }
  | { readonly kind: "api-answer"; readonly problem: string }
  | {
      readonly kind: "ice-urls";
      readonly given: readonly string[];
      readonly wanted: readonly string[];
    }
  | { readonly kind: "other-document"; readonly why: string }
  | { readonly kind: "livekit-unreachable"; readonly code: string }
  | { readonly kind: "livekit-status"; readonly status: number }
  | { readonly kind: "no-answer"; readonly transport: Transport; readonly request: TurnRequest }
  | { readonly kind: "connection"; readonly transport: Transport; readonly code: string }
  | { readonly kind: "certificate"; readonly code: string }
  | { readonly kind: "certificate-ends"; readonly days: number }
  | { readonly kind: "web-socket"; readonly problem: string }
  | { readonly kind: "credential-refused"; readonly code: number; readonly signature: Signature }
  | { readonly kind: "refused"; readonly request: TurnRequest; readonly code: number }
  | { readonly kind: "unsigned"; readonly request: TurnRequest }
  | { readonly kind: "packets"; readonly direction: string; readonly tally: Tally }
  | { readonly kind: "no-peer-port"; readonly address: string; readonly code: string }
  | { readonly kind: "peer-container"; readonly problem: string }
  | { readonly kind: "allowed"; readonly attempt: Attempt }
  | { readonly kind: "refused-otherwise"; readonly attempt: Attempt; readonly code: number }
  | { readonly kind: "room"; readonly step: string; readonly problem: string }
  | { readonly kind: "room-path"; readonly path: string }
  | { readonly kind: "time-limit"; readonly limitMs: number }
  | { readonly kind: "not-tried"; readonly because: string }
  | { readonly kind: "unexpected"; readonly problem: string };

/** Ends a leg with what it found. */
export class LegFailure extends Error {
  readonly finding: Finding;

  constructor(finding: Finding, options?: ErrorOptions) {
    super(`leg failed: ${JSON.stringify(finding)}`, options);
    this.finding = finding;
  }
}

/** Ends a leg that cannot work with this deployment, with the reason. */
export class NotApplicable extends Error {}

/** The same as an expression. */
export function notApplicable(reason: string): never {
  throw new NotApplicable(reason);
}

/**
 * An error's `code`, as Node's sockets and TLS set it and `fetch` its cause's; otherwise its
 * message.
 */
export function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  if ("code" in error && typeof error.code === "string") return error.code;
  if ("cause" in error && error.cause !== undefined) return errorCode(error.cause);
  return "message" in error ? String(error.message) : "an error without a message";
}
