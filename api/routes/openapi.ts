import * as z from "zod";
import { ErrorBody } from "../errors.ts";
import { apiDescription } from "../openapi/describeApi.ts";
import type { ZodInstance } from "../zodInstance.ts";

/** Whatever an OpenAPI document holds; what is in it is made of the routes' own schemas. */
const OpenApi = z.looseObject({ openapi: z.literal("3.1.0") });

/** `GET /openapi.json`: what the API takes and answers. Open to everyone. */
export function openapiRoute(app: ZodInstance): void {
  const schema = { response: { 200: OpenApi, "4xx": ErrorBody, "5xx": ErrorBody } };
  let description: z.infer<typeof OpenApi> | undefined;
  app.addHook("onReady", (done) => {
    description = OpenApi.parse(apiDescription(app));
    done();
  });
  app.get("/openapi.json", { schema }, (_request, reply) => {
    if (!description) throw new Error("the API is described when it is ready");
    void reply.header("cache-control", "no-cache");
    return description;
  });
}
