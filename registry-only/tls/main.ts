import { randomBytes } from "node:crypto";
import manifest from "@pulumi/tls/package.json" with { type: "json" };
import { serveProvider } from "../provider/serve.ts";
import { tlsKinds } from "./kinds.ts";

await serveProvider({
  name: "tls",
  version: manifest.version,
  bridge: "framework",
  kinds: tlsKinds(() => new Date(), randomBytes),
});
