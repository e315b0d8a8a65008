/** Services of a node document, an object of a bucket that tells a node of a cloud what to run. */
import { BUILT_API_IMAGE } from "../../plan/nodeDocument.ts";
import { itemsOf, peek, textsOf, UNKNOWN } from "../known.ts";
import type { Resource } from "../rule.ts";
import type { Aspect, Container, Seen } from "./container.ts";
import { booleanAt, numberAt, textAt } from "./seen.ts";

export const BUCKET_OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

/** The document that an object holds; undefined where its content is not known, or is something else. */
export function nodeDocument(resource: Resource): unknown {
  const content = resource.type === BUCKET_OBJECT ? textAt(resource.props, "content") : undefined;
  if (content === undefined || content === UNKNOWN || !content.startsWith("{")) return undefined;
  try {
    const document: unknown = JSON.parse(content);
    return peek(document, "format") === 1 && Array.isArray(peek(document, "services"))
      ? document
      : undefined;
  } catch {
    return undefined;
  }
}

const inputs: Readonly<Record<Aspect, string>> = {
  image: "image",
  user: "user",
  capabilities: "capabilities",
  readOnly: "readOnly",
  noNewPrivileges: "noNewPrivileges",
  memory: "limits.memoryMib",
  memorySwap: "limits.memoryMib",
  cpus: "limits.cpus",
  healthCheck: "healthCheck.command",
  restart: "restart",
  privileged: "privileged",
  mounts: "folders",
  network: "network",
  ports: "ports",
  environment: "environment",
  logs: "logs",
};

/** The containers of a document, which drops all capabilities but those it lists; swap and restarts are the agent's. */
export const documentContainers = (resource: Resource): readonly Container[] => {
  const document = nodeDocument(resource);
  const logs = peek(document, "logs");
  const maxMib = numberAt(logs, "maxMib");
  return itemsOf(document, "services").map((service) => {
    const reference = image(resource, service);
    return {
      resource,
      part: serviceName(service),
      runs: true,
      inputs,
      unknown: reference === UNKNOWN ? ["image"] : [],
      image: reference,
      user: textAt(service, "user"),
      capabilities: { drops: ["ALL"], adds: textsOf(service, "capabilities") },
      readOnly: booleanAt(service, "readOnly"),
      noNewPrivileges: booleanAt(service, "noNewPrivileges") === true,
      memoryMib: numberAt(peek(service, "limits"), "memoryMib"),
      memorySwapMib: undefined,
      cpus: numberAt(peek(service, "limits"), "cpus"),
      healthCheck: healthCheck(service),
      restart: "elsewhere",
      privileged: booleanAt(service, "privileged"),
      unconfined: [],
      hostNamespaces: [],
      hostPaths: [],
      volumes: [],
      network: textAt(service, "network"),
      ports: [],
      publishesAll: undefined,
      environment: environment(service),
      command: [...textsOf(service, "entrypoint"), ...textsOf(service, "command")],
      logs: {
        driver: "json-file",
        maxSize: typeof maxMib === "number" ? `${maxMib}m` : undefined,
        maxFiles: textAt(logs, "files"),
      },
    };
  });
};

/** What a service is called; the place in the list is for a document that is not well formed. */
export const serviceName = (service: unknown): string => {
  const name = textAt(service, "name");
  return typeof name === "string" ? name : "nameless";
};

/** Where the API's image is built with the stack, its reference rides as the object's metadata. */
function image(resource: Resource, service: unknown): Seen<string> {
  const named = textAt(service, "image");
  return named === BUILT_API_IMAGE ? textAt(peek(resource.props, "metadata"), "api-image") : named;
}

function healthCheck(service: unknown): readonly string[] | undefined {
  const command = textsOf(peek(service, "healthCheck"), "command");
  return command.length > 0 ? ["CMD", ...command] : undefined;
}

function environment(service: unknown): Container["environment"] {
  const variables = peek(service, "environment");
  return typeof variables === "object" && variables !== null
    ? Object.fromEntries(
        Object.keys(variables).flatMap((name) => {
          const value = textAt(variables, name);
          return typeof value === "string" ? [[name, value]] : [];
        }),
      )
    : {};
}
