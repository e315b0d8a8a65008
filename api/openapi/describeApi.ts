/** The description of the API: OpenAPI 3.1, made of the schemas of its routes. */
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import * as z from "zod";
import { errorComponents, errorReference } from "./errorResponses.ts";
import { operations } from "./operations.ts";
import type { SecurityScheme } from "./securitySchemes.ts";

const VERSION = "1";

/** The part of what @fastify/swagger makes that is completed here. */
const Document = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        requestBody: z.looseObject({}).optional(),
        responses: z.record(z.string(), z.looseObject({})),
      }),
    ),
  ),
  components: z.looseObject({ schemas: z.looseObject({}) }),
});

/** Collects the routes that are declared after it, those without a row in `operations` aside. */
export function describeApi(app: FastifyInstance, schemes: Record<string, SecurityScheme>): void {
  void app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Turnkey",
        version: VERSION,
        description: "ICE servers and room tokens for signed-in users, from LiveKit and its TURN.",
      },
      servers: [{ url: "/" }],
      components: { securitySchemes: schemes },
    },
    transform: (route) => {
      const { method } = route.route;
      const row = operations[`${String(method)} ${route.url}`];
      if (!row) return { schema: { hide: true }, url: route.url };
      const { schema, url } = jsonSchemaTransform(route);
      const security = Object.keys(schemes).map((name) => ({ [name]: [] }));
      const { operationId, summary, description, signedIn } = row;
      return {
        schema: {
          ...schema,
          operationId,
          summary,
          description,
          security: signedIn ? security : [],
        },
        url,
      };
    },
  });
}

/** The finished document. Throws when a row of `operations` has no route, or a route no such answer. */
export function apiDescription(app: FastifyInstance): Record<string, unknown> {
  const document = Document.parse(structuredClone(app.swagger()));
  for (const [route, row] of Object.entries(operations)) {
    const [method = "", path = ""] = route.split(" ");
    const operation = document.paths[path]?.[method.toLowerCase()];
    if (!operation) throw new Error(`${route} is described and there is no such route`);
    const { responses, requestBody } = operation;
    if (requestBody && row.bodyOptional) requestBody["required"] = false;
    const told = Object.entries(row.answers).map(([status, description]) => {
      const answer = responses[status];
      if (!answer) throw new Error(`${route} has no schema for its answer ${status}`);
      return [status, { ...answer, description }] as const;
    });
    operation.responses = {
      ...Object.fromEntries(told),
      ...Object.fromEntries(row.errors.map((status) => [status, errorReference(status)])),
    };
  }
  const { components } = document;
  return {
    ...document,
    components: {
      ...components,
      schemas: { ...components.schemas, ...errorComponents.schemas },
      responses: errorComponents.responses,
    },
  };
}
