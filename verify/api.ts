/** The calls an app makes to the API. */
import * as z from "zod";
import { IceConfig } from "../turn/iceConfig.ts";
import { RoomTokenResponse } from "../turn/roomToken.ts";
import { errorCode, type Finding, LegFailure } from "./findings.ts";
import type { Context } from "./leg.ts";
import { isCertificateError } from "./trust.ts";

/** Path of the ICE configuration. */
export const ICE_CONFIG_PATH = "/api/livekit/ice-config";
/** Path of the room tokens. */
export const ROOM_TOKEN_PATH = "/api/livekit/token";

interface Call<T extends z.ZodType> {
  /** Origin to ask at instead of the target's. */
  readonly base?: string;
  readonly path: string;
  readonly status: number;
  readonly schema: T;
  readonly token?: string;
  /** Sent as JSON with POST; without it the call is a GET. */
  readonly body?: object;
}

/** URL of a path of the API, at the target's base URL or another; bases may end with a slash. */
export const apiUrl = (
  { target }: Pick<Context, "target">,
  path: string,
  base = target.apiUrl,
): string => `${base.replace(/\/$/, "")}${path}`;

/** Calls the API. Rejects with a `LegFailure` on no answer, another status and another shape. */
export async function callApi<T extends z.ZodType>(
  context: Pick<Context, "target" | "fetch">,
  signal: AbortSignal,
  { base, path, status, schema, token, body }: Call<T>,
): Promise<z.output<T>> {
  const response = await context
    .fetch(apiUrl(context, path, base), {
      signal,
      ...(body && { method: "POST", body: JSON.stringify(body) }),
      headers: {
        ...(body && { "content-type": "application/json" }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    })
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw new LegFailure(unreachable(errorCode(error)), { cause: error });
    });
  const text = await response.text();
  if (response.status !== status)
    throw new LegFailure({ kind: "api-status", status: response.status });
  const parsed = schema.safeParse(json(text));
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues.map((it) => `${it.path.join(".")}: ${it.message}`).join("; ");
  throw new LegFailure({ kind: "api-answer", problem });
}

const unreachable = (code: string): Finding =>
  isCertificateError(code) ? { kind: "certificate", code } : { kind: "api-unreachable", code };

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema says what is missing
  }
}

/** As `IceConfig`, but other deployments need not say how long it lasts, and may give one URL. */
const AnyIceConfig = z.object({
  iceServers: z.array(
    IceConfig.shape.iceServers.element.extend({
      urls: z.preprocess((it) => (typeof it === "string" ? [it] : it), z.array(z.string()).min(1)),
    }),
  ),
});
export type AnyIceConfig = z.infer<typeof AnyIceConfig>;

/** Fetches the ICE configuration; without a token it must be refused. */
export const fetchIceConfig = (
  context: Context,
  signal: AbortSignal,
  { token, base }: { readonly token?: string; readonly base?: string } = {},
): Promise<AnyIceConfig> =>
  callApi(context, signal, {
    path: ICE_CONFIG_PATH,
    status: 200,
    schema: context.target.stack ? IceConfig : AnyIceConfig,
    ...(token !== undefined && { token }),
    ...(base !== undefined && { base }),
  });

/** Asks for a room token, in the field names of LiveKit's token endpoint. */
export const fetchRoomToken = (
  context: Pick<Context, "target" | "fetch">,
  signal: AbortSignal,
  { token, body, base }: { readonly token: string; readonly body: object; readonly base?: string },
): Promise<RoomTokenResponse> =>
  callApi(context, signal, {
    path: ROOM_TOKEN_PATH,
    status: 201,
    schema: RoomTokenResponse,
    token,
    body,
    ...(base !== undefined && { base }),
  });
