import * as z from "zod";
import { neverShed } from "../limits/shedLoad.ts";
import type { ZodInstance } from "../zodInstance.ts";

const Health = z.object({ status: z.literal("ok") });

/** `GET /healthz`: the process answers. Open to everyone, and asked too often to be logged or limited. */
export function healthRoute(app: ZodInstance): void {
  const schema = { response: { 200: Health } };
  const config = { ...neverShed, rateLimit: false as const };
  app.get("/healthz", { schema, config, logLevel: "warn" }, (_request, reply) => {
    void reply.header("cache-control", "no-store");
    return { status: "ok" as const };
  });
}
