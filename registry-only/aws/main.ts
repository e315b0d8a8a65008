import manifest from "@pulumi/aws/package.json" with { type: "json" };
import { serveProvider } from "../provider/serve.ts";
import { awsProvider } from "./awsProvider.ts";

await serveProvider(awsProvider(manifest.version, process.env));
