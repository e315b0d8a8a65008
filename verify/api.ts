/** The calls an app makes to the API. */
import type * as z from "zod";
import { IceConfig } from "../turn/iceConfig.ts";
import { errorCode, LegFailure } from "./findings.ts";
import type { Context } from "./leg.ts";

/** Path of the ICE configuration. */
export const ICE_CONFIG_PATH = "/api/livekit/ice-config";

interface Call<T extends z.ZodType> {
  readonly path: string;
  readonly status: number;
  readonly schema: T;
  readonly token?: string;
  /** Sent as JSON with POST; without it the call is a GET. */
  readonly body?: object;
}

/** Base URL and path joined, whether or not the base ends with a slash. */
export const apiUrl = ({ target }: Pick<Context, "target">, path: string) =>
  `${target.apiUrl.replace(/\/$/, "")}${path}`;

/** Calls the API. Rejects with a `LegFailure` on no answer, another status and another shape. */
export async function callApi<T extends z.ZodType>(
  context: Context,
  signal: AbortSignal,
  { path, status, schema, token, body }: Call<T>,
): Promise<z.output<T>> {
  const response = await context
    .fetch(apiUrl(context, path), {
      signal,
      ...(body && { method: "POST", body: JSON.stringify(body) }),
      headers: {
        ...(body && { "content-type": "application/json" }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    })
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw new LegFailure({ kind: "api-unreachable", code: errorCode(error) }, { cause: error });
    });
  const text = await response.text();
  if (response.status !== status)
    throw new LegFailure({ kind: "api-status", status: response.status });
  const parsed = schema.safeParse(json(text));
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues.map((it) => `${it.path.join(".")}: ${it.message}`).join("; ");
  throw new LegFailure({ kind: "api-answer", problem });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema says what is missing
  }
}

/** Fetches the ICE configuration; without a token it must be refused. */
export const fetchIceConfig = (context: Context, signal: AbortSignal, token?: string) =>
  callApi(context, signal, {
    path: ICE_CONFIG_PATH,
    status: 200,
    schema: IceConfig,
    ...(token !== undefined && { token }),
  });
