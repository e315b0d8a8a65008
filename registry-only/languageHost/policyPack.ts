import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunPluginRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { listen } from "../plugin/listen.ts";
import { analyzerProxy, rawAnalyzerService } from "./analyzerProxy.ts";
import type { Children } from "./children.ts";
import type { PackOutput, PackProcess } from "./packProcess.ts";
import { startPack } from "./packProcess.ts";
import { packRun } from "./packRun.ts";
import { sdkModule } from "./sdkModule.ts";

/**
 * Where Node keeps the compiled code of packs unless NODE_COMPILE_CACHE names another folder: Node's
 * own choice for `module.enableCompileCache()`. As the engine ends packs by a signal, only a pack that
 * calls `module.flushCompileCache()` leaves something there.
 */
const cacheFolder = () => join(tmpdir(), "node-compile-cache");

/**
 * Serves a policy pack until its process ends or `ended` fires, and answers its exit code: 0 for a
 * pack that was never asked anything. The first line on `output` is the port.
 */
export async function runPolicyPack(
  request: RunPluginRequest,
  output: PackOutput,
  children: Children,
  ended: AbortSignal,
): Promise<number> {
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const runModule = sdkModule("run-policy-pack", folder);
  const over = Promise.withResolvers<number>();
  let pack: PackProcess | undefined;
  const server = await listen(
    rawAnalyzerService,
    analyzerProxy((stack) => {
      pack = startPack(packRun(request, runModule, cacheFolder(), stack), children, output, ended);
      pack.exitCode.then(over.resolve, over.reject);
      return pack;
    }),
  );
  ended.addEventListener("abort", () => pack ?? over.resolve(0), { once: true });
  try {
    output.stdout(Buffer.from(`${server.port}\n`));
    return await over.promise;
  } finally {
    // Calls that the end of the pack has answered still reach the engine.
    await server.drain();
  }
}
