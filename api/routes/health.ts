import * as z from "zod";
import type { ZodInstance } from "../zodInstance.ts";

/** `GET /healthz`: the process answers. Open to everyone, and asked too often to be logged. */
export function healthRoute(app: ZodInstance): void {
  const schema = { response: { 200: z.object({ status: z.literal("ok") }) } };
  app.get("/healthz", { schema, logLevel: "warn" }, () => ({ status: "ok" as const }));
}
