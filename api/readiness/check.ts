import * as z from "zod";

/** One thing that has to be right; `detail` is for strangers as well: short, and no internals. */
export const Check = z.object({ ok: z.boolean(), detail: z.string() });
export type Check = z.infer<typeof Check>;
