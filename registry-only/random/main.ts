import { randomInt } from "node:crypto";
import manifest from "@pulumi/random/package.json" with { type: "json" };
import { serveProvider } from "../provider/serve.ts";
import { randomKinds } from "./kinds.ts";

await serveProvider({
  name: "random",
  version: manifest.version,
  bridge: "framework",
  kinds: randomKinds((limit) => randomInt(limit)),
});
