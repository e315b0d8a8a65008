import manifest from "@pulumi/docker/package.json" with { type: "json" };
import { connectEngine } from "../../machine/dockerEngine.ts";
import { serveProvider } from "../provider/serve.ts";
import { dockerKinds } from "./dockerKinds.ts";
import { lateEngine } from "./lateEngine.ts";

await serveProvider({
  name: "docker",
  version: manifest.version,
  bridge: "sdk2",
  kinds: dockerKinds(lateEngine(() => connectEngine())),
});
