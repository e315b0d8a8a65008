import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { refuse, serverStream, unary } from "../plugin/answer.ts";
import { startError } from "./children.ts";
import type { Children, Ending } from "./children.ts";
import { runPolicyPack } from "./policyPack.ts";
import { programDependencies } from "./programDependencies.ts";
import { programOptions } from "./programOptions.ts";
import { programRun } from "./programRun.ts";
import { sdkModule } from "./sdkModule.ts";

/** What the host is told when it starts. */
export interface HostSpec {
  /** The version of the CLI it belongs to. */
  readonly version: string;
  /** Address of the engine, which the program talks to. */
  readonly engine: string;
}

/** The exit code that says: the SDK has told the user what was wrong (cmd/run/index.js). */
const alreadyExplained = 32;

const standIn = "the registry-only language host";

/**
 * Pulumi's `LanguageRuntime` service (proto/pulumi/language.proto) for Node.js programs, as far as
 * preview, up, refresh, destroy, install and about need it. The programs and policy packs run under
 * the `node` on PATH and end with `children`.
 */
export function languageService(
  { version, engine }: HostSpec,
  children: Children,
): UntypedServiceImplementation {
  return {
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(version)),
    // Empty: the engine asks for a plugin when the first resource of its kind is registered.
    getRequiredPackages: unary(() => new pb.GetRequiredPackagesResponse()),
    run: unary(async (request: pb.RunRequest, ended) => {
      const answer = new pb.RunResponse();
      try {
        const options = programOptions(optionsOf(request.getInfo()));
        const folder = request.getInfo()?.getProgramDirectory() ?? process.cwd();
        const { args, env } = programRun(request, options, sdkModule("run", folder), engine);
        const ending = await children.run(
          "node",
          args,
          { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } },
          ended,
        );
        if ("code" in ending && ending.code === alreadyExplained) return answer.setBail(true);
        return answer.setError(failureOf("program", ending));
      } catch (error) {
        return answer.setError(startError("node", error));
      }
    }),
    installDependencies: serverStream(
      async (request: pb.InstallDependenciesRequest, write, ended) => {
        const cwd = request.getInfo()?.getProgramDirectory() ?? request.getDirectory();
        const ending = await children
          .run("npm", ["install", "--loglevel=error"], { cwd }, ended, (child) => {
            child.stdout?.on("data", (text: Buffer) =>
              write(new pb.InstallDependenciesResponse().setStdout(text)),
            );
            child.stderr?.on("data", (text: Buffer) =>
              write(new pb.InstallDependenciesResponse().setStderr(text)),
            );
          })
          .catch((error: unknown) => {
            throw new Error(startError("npm", error), { cause: error });
          });
        const failure = failureOf("npm install", ending);
        if (failure !== "") throw new Error(failure);
      },
    ),
    about: unary(async (_request: pb.AboutRequest, ended) => {
      let text = "";
      const script = "console.log(process.execPath, process.version)";
      await children.run("node", ["-e", script], {}, ended, (child) => {
        child.stdout?.on("data", (part: Buffer) => (text += part.toString()));
      });
      const [executable = "", nodeVersion = ""] = text.trim().split(/ (?=v\d)/);
      const answer = new pb.AboutResponse().setExecutable(executable).setVersion(nodeVersion);
      answer.getMetadataMap().set("host", `registry-only stand-in ${version}`);
      return answer;
    }),
    getProgramDependencies: unary(async (request: pb.GetProgramDependenciesRequest) => {
      const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
      const answer = new pb.GetProgramDependenciesResponse();
      for (const { name, version: installed } of await programDependencies(folder)) {
        answer.addDependencies(new pb.DependencyInfo().setName(name).setVersion(installed));
      }
      return answer;
    }),
    runPlugin: serverStream(async (request: pb.RunPluginRequest, write, ended) => {
      const kind = request.getKind() || "resource";
      if (kind !== "analyzer") refuse(`${standIn} does not run plugins of kind ${kind}`);
      const output = {
        stdout: (bytes: Buffer) => write(new pb.RunPluginResponse().setStdout(bytes)),
        stderr: (bytes: Buffer) => write(new pb.RunPluginResponse().setStderr(bytes)),
      };
      const exitCode = await runPolicyPack(request, output, children, ended);
      write(new pb.RunPluginResponse().setExitcode(exitCode));
    }),
    cancel: unary(() => {
      children.interrupt();
      return new empty.Empty();
    }),
  } satisfies Partial<ILanguageRuntimeServer>;
}

const optionsOf = (info: pb.ProgramInfo | undefined): { readonly [name: string]: unknown } =>
  info?.getOptions()?.toJavaScript() ?? {};

function failureOf(what: string, ending: Ending): string {
  if ("signal" in ending) return `${what} was ended by ${ending.signal}`;
  return ending.code === 0 ? "" : `${what} exited with non-zero exit code: ${ending.code}`;
}
