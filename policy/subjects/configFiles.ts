/** Texts that a resource puts into the files of a container, for whoever knows their format. */
import { itemsOf, UNKNOWN } from "../known.ts";
import type { Resource } from "../rule.ts";
import { DOCKER_CONTAINER } from "./dockerContainer.ts";
import { nodeDocument, serviceName } from "./nodeDocument.ts";
import { textAt } from "./seen.ts";

export interface ConfigFile {
  /** Service of a node document; undefined where the resource is the container. */
  readonly part?: string;
  /** Absolute path in the container. */
  readonly path: string;
  readonly text: string;
}

/** The files whose text is known: uploads of a Docker container, texts of a node document. */
export function configFilesOf(resource: Resource): readonly ConfigFile[] {
  if (resource.type === DOCKER_CONTAINER)
    return itemsOf(resource.props, "uploads").flatMap((upload) =>
      file(upload, "file", ["content", "contentBase64"]),
    );
  return itemsOf(nodeDocument(resource), "services").flatMap((service) =>
    itemsOf(service, "folders")
      .flatMap((folder) => itemsOf(folder, "files"))
      .flatMap((it) => file(it, "path", ["text"]))
      .map((it) => ({ ...it, part: serviceName(service) })),
  );
}

function file(holder: unknown, pathKey: string, textKeys: readonly string[]): ConfigFile[] {
  const path = textAt(holder, pathKey);
  const key = textKeys.find((it) => textAt(holder, it) !== undefined);
  const text = key === undefined ? undefined : textAt(holder, key);
  if (path === undefined || path === UNKNOWN || text === undefined || text === UNKNOWN) return [];
  return [
    { path, text: key === "contentBase64" ? Buffer.from(text, "base64").toString("utf8") : text },
  ];
}
