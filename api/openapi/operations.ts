/** What the description of the API says of each operation beyond its schemas. */

/** Statuses that are answered with an `ErrorBody`. */
export type ErrorStatus = 400 | 401 | 403 | 405 | 413 | 414 | 415 | 429 | 431 | 500 | 503;

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** What the answer of success is, by status. */
  readonly answers: Readonly<Record<string, string>>;
  readonly errors: readonly ErrorStatus[];
  /** Whether it is for signed-in users. */
  readonly signedIn: boolean;
  /** A body may be left out where one is taken. */
  readonly bodyOptional?: boolean;
}

const everywhere = [400, 405, 414, 431, 500] as const;
const signedInErrors = [...everywhere, 401, 403, 429, 503] as const;

/** By method and path; a route without a row is internal and is not described. */
export const operations: Readonly<Record<string, Operation>> = {
  "GET /api/livekit/ice-config": {
    operationId: "getIceConfig",
    summary: "ICE servers for the signed-in user",
    description:
      "STUN and TURN servers with a credential of the user's own. Ask again before expiresAt.",
    answers: { 200: "ICE servers, their life in seconds and its end" },
    errors: signedInErrors,
    signedIn: true,
  },
  "GET /api/v1/calls/webrtc-config": {
    operationId: "getWebrtcConfig",
    summary: "ICE servers for the signed-in user, wrapped in success and data",
    description: "The same servers as getIceConfig, in the shape that VOX's clients read.",
    answers: { 200: "ICE servers" },
    errors: signedInErrors,
    signedIn: true,
  },
  "POST /api/livekit/token": {
    operationId: "createRoomToken",
    summary: "A token that lets the signed-in user join a LiveKit room",
    description:
      "LiveKit's standard token endpoint. The participant is the signed-in user, whatever the body says.",
    answers: { 201: "Where LiveKit is reached, and the token" },
    errors: [...signedInErrors, 413, 415],
    signedIn: true,
    bodyOptional: true,
  },
  "GET /healthz": {
    operationId: "getHealth",
    summary: "Whether the process answers",
    description: "Never limited, never shed.",
    answers: { 200: "It does" },
    errors: everywhere,
    signedIn: false,
  },
  "GET /readyz": {
    operationId: "getReadiness",
    summary: "Whether what this server hands out would work",
    description:
      "LiveKit answers, its clock agrees, the certificate is valid. without=address leaves out the certificate.",
    answers: { 200: "Everything is right", 503: "Something is not, or the server is stopping" },
    errors: everywhere,
    signedIn: false,
  },
  "GET /openapi.json": {
    operationId: "getDescription",
    summary: "This description",
    description: "OpenAPI 3.1, made of the schemas that requests and answers are checked with.",
    answers: { 200: "OpenAPI 3.1" },
    errors: [...everywhere, 429, 503],
    signedIn: false,
  },
};
