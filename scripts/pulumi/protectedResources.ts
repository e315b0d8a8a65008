/** Resources of a stack that Pulumi refuses to delete. */
import * as z from "zod";

const Export = z.object({
  deployment: z
    .object({
      resources: z
        .array(
          z.object({
            urn: z.string(),
            type: z.string(),
            id: z.string().optional(),
            protect: z.boolean().optional(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

export interface ProtectedResource {
  /** Pulumi's type token. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** What the cloud knows it by; empty where there is none. */
  readonly id: string;
}

/** Those in what `pulumi stack export` prints. */
export const protectedIn = (exported: string): ProtectedResource[] =>
  (Export.parse(JSON.parse(exported)).deployment?.resources ?? [])
    .filter(({ protect }) => protect)
    .map(({ type, urn, id = "" }) => ({ type, name: urn.split("::").at(-1) ?? urn, id }));
