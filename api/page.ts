/** A page of the API as one file, which its bundle writes and the server reads. */
import { readFileSync } from "node:fs";
import * as z from "zod";

const Asset = z.strictObject({ type: z.string().min(1), text: z.string() });

/** `html`, and what it loads by name below the page's path. A name holds a hash of its contents. */
export const Page = z.strictObject({
  html: z.string().min(1),
  assets: z.record(z.string().regex(/^[\w.-]+$/), Asset),
});
export type Page = z.infer<typeof Page>;

/** Reads a page that `bundlePage` wrote. */
export const readPage = (file: string): Page => Page.parse(JSON.parse(readFileSync(file, "utf8")));
