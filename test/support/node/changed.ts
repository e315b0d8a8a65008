/** Documents that differ in one thing from the one that a stack has. */
import type { DocumentService, NodeDocument } from "../../../plan/nodeDocument.ts";
import { withService } from "../../node/support/documents.ts";

/** With so much more memory for a service, as a setting gives it: its container has to be made anew. */
export const withMemory = (document: NodeDocument, name: DocumentService["name"], mib: number) =>
  withService(document, name, (it) => ({
    ...it,
    limits: { ...it.limits, memoryMib: it.limits.memoryMib + mib },
  }));

/** With a service that never becomes healthy. */
export const withIllness = (document: NodeDocument, name: DocumentService["name"]) =>
  withService(document, name, (it) => ({
    ...it,
    healthCheck: { ...it.healthCheck, command: ["/nowhere"] },
  }));

/** With these users cut off: nothing but a text in a folder that is swapped while the API runs. */
export const withBlocked = (document: NodeDocument, users: readonly string[]) =>
  withService(document, "api", (it) => ({
    ...it,
    folders: it.folders.map((folder) =>
      folder.live
        ? {
            ...folder,
            files: folder.files.map((file) =>
              "text" in file ? { ...file, text: JSON.stringify(users) } : file,
            ),
          }
        : folder,
    ),
  }));
