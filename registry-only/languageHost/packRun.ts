import type { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { RunPluginRequest } from "@pulumi/pulumi/proto/language_pb.js";

/** How a policy pack is started: arguments of `node`, its folder, and its whole environment. */
export interface PackRun {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: { readonly [name: string]: string };
}

/**
 * What the official language host hands to `@pulumi/pulumi/cmd/run-policy-pack`
 * (sdk/nodejs/cmd/pulumi-language-nodejs/main.go: RunPlugin). `runModule` is that module's path,
 * `cacheFolder` where Node keeps compiled code unless the environment names another folder, and
 * `stack` what the engine says about the stack; nothing where no stack is looked at. The options in
 * PulumiPolicy.yaml have no effect on a policy pack: `run-policy-pack` reads none of them.
 */
export function packRun(
  request: RunPluginRequest,
  runModule: string,
  cacheFolder: string,
  stack?: AnalyzerStackConfigureRequest,
): PackRun {
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  return {
    args: [runModule, ...request.getArgsList(), folder],
    cwd: folder,
    env: {
      NODE_COMPILE_CACHE: cacheFolder,
      ...Object.fromEntries(request.getEnvList().map(variable)),
      ...(stack === undefined ? {} : stackVariables(stack)),
    },
  };
}

// The engine writes variables as Go does, NAME=value; of a name that is there twice, the last counts.
function variable(text: string): [name: string, value: string] {
  const end = text.indexOf("=");
  return [text.slice(0, end), text.slice(end + 1)];
}

function stackVariables(stack: AnalyzerStackConfigureRequest): { [name: string]: string } {
  const config: { [key: string]: string } = {};
  stack.getConfigMap().forEach((value, key) => {
    config[key] = value;
  });
  const variables = {
    PULUMI_NODEJS_ORGANIZATION: stack.getOrganization(),
    PULUMI_NODEJS_PROJECT: stack.getProject(),
    PULUMI_NODEJS_STACK: stack.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(stack.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(config),
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}
