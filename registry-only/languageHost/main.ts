import manifest from "@pulumi/pulumi/package.json" with { type: "json" };
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { listen } from "../plugin/listen.ts";
import { untilParentEnds } from "../plugin/untilParentEnds.ts";
import { Children } from "./children.ts";
import { languageService } from "./service.ts";

const children = new Children();
untilParentEnds(() => {
  children.kill();
  process.exit(0);
});

// The CLI passes the engine's address last (sdk/go/common/resource/plugin: buildArgsForNewPlugin).
const engine = process.argv.at(-1) ?? "";
const service = languageService({ version: manifest.version, engine }, children);
const { port } = await listen(LanguageRuntimeService, service);
process.stdout.write(`${port}\n`);
