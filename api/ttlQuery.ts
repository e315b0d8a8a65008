import * as z from "zod";

/** The shortest life that may be asked for. */
const LEAST_TTL_SECONDS = 60;

const shown = (value: unknown) => JSON.stringify(value).slice(0, 32);

/**
 * The query of both endpoints: `ttl`, the life of the credential in whole seconds, from 60 up to the
 * deployment's own, which is also what a request without it gets.
 */
export const TtlQuery = (mostSeconds: number) => {
  const least = Math.min(LEAST_TTL_SECONDS, mostSeconds);
  const error = ({ input }: { readonly input?: unknown }) =>
    `${shown(input)} given, wanted is a whole number of seconds from ${least} to ${mostSeconds}`;
  const Ttl = z.int({ error }).min(least, { error, abort: true }).max(mostSeconds, { error });
  return z.object({
    ttl: z
      .preprocess((it) => (typeof it === "string" && /^\d{1,9}$/.test(it) ? Number(it) : it), Ttl)
      .optional()
      .describe("Life of the credential in seconds. Default: the deployment's, which is the most"),
  });
};
