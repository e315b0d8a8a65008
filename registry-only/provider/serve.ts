import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { listen } from "../plugin/listen.ts";
import { untilParentEnds } from "../plugin/untilParentEnds.ts";
import { providerService } from "./service.ts";
import type { ProviderSpec } from "./service.ts";

export type { ProviderSpec } from "./service.ts";

/** The main function of a plugin executable: prints its port and ends when the CLI does. */
export async function serveProvider(spec: ProviderSpec): Promise<void> {
  untilParentEnds(() => process.exit(0));
  const { port } = await listen(ResourceProviderService, providerService(spec));
  process.stdout.write(`${port}\n`);
}
