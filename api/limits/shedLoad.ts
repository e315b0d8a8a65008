import underPressure from "@fastify/under-pressure";
import type { FastifyInstance } from "fastify";
import { RequestError } from "../errors.ts";

/** When the process counts as overloaded. */
export interface Pressure {
  /** How late the event loop may be on average over `sampleMs`. Default: 500 ms. */
  readonly maxLatenessMs?: number;
  /** Default: 1 s. */
  readonly sampleMs?: number;
}

const RETRY_SECONDS = 2;

/** For routes that are answered whatever the load, as their `config`. */
export const neverShed = { pressureHandler: () => undefined };

/** Answers 503 with `Retry-After` while the process is overloaded, rather than everything too late. */
export function shedLoad(
  app: FastifyInstance,
  { maxLatenessMs = 500, sampleMs = 1_000 }: Pressure,
  onShed: () => void,
): void {
  void app.register(underPressure, {
    maxEventLoopDelay: maxLatenessMs,
    sampleInterval: sampleMs,
    pressureHandler: () => {
      onShed();
      const headers = { "retry-after": `${RETRY_SECONDS}` };
      return Promise.reject(
        new RequestError(503, `too much to do at once; try again in ${RETRY_SECONDS} s`, headers),
      );
    },
  });
}
