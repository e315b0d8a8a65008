import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import type { ProgramOptions } from "./programOptions.ts";

/** How a program is started: arguments of `node`, and what its environment holds in addition. */
export interface ProgramRun {
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
}

/**
 * What the official language host hands to `@pulumi/pulumi/cmd/run`
 * (sdk/nodejs/cmd/pulumi-language-nodejs/main.go: constructArguments, execRuntime). `runModule` is
 * that module's path, `engine` the engine's address.
 */
export function programRun(
  request: RunRequest,
  options: ProgramOptions,
  runModule: string,
  engine: string,
): ProgramRun {
  const info = request.getInfo();
  const flags: [name: string, value: string][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engine],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["root-directory", info?.getRootDirectory() ?? ""],
    ["stack", request.getStack()],
    ["pwd", info?.getProgramDirectory() ?? ""],
    ["parallel", String(request.getParallel())],
  ];
  return {
    args: [
      ...options.nodeArgs,
      runModule,
      ...flags.flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info?.getEntryPoint() || ".",
      ...request.getArgsList(),
    ],
    env: {
      PULUMI_CONFIG: JSON.stringify(configOf(request)),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
      ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
    },
  };
}

// The keys arrive as `project:name`; the SDK is still handed the old form, `project:config:name`.
function configOf(request: RunRequest): { [key: string]: string } {
  const config: { [key: string]: string } = {};
  request.getConfigMap().forEach((value, key) => {
    config[key.replace(":", ":config:")] = value;
  });
  return config;
}
