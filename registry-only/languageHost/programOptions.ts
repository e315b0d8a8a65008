/** The options under `runtime` in Pulumi.yaml that this host knows. */
export interface ProgramOptions {
  /** Whether the SDK compiles TypeScript with ts-node; true unless switched off. */
  readonly typescript: boolean;
  /** A tsconfig file other than the default one, for that compilation. */
  readonly tsconfig: string | undefined;
  /** Arguments of `node` before the program's. */
  readonly nodeArgs: readonly string[];
}

/**
 * Reads `runtime.options`. A wrong type and an option this host does not know are errors that name
 * the option, except `packagemanager`, which only `pulumi install` of the official host needs.
 */
export function programOptions(options: { readonly [name: string]: unknown }): ProgramOptions {
  const { typescript = true, tsconfig, nodeargs = "", packagemanager = "npm", ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new Error(
      `the registry-only language host does not know option ${unknown} of runtime.options in ` +
        "Pulumi.yaml; it knows typescript, tsconfig, nodeargs and packagemanager",
    );
  }
  if (typeof typescript !== "boolean") throw wrong("typescript", typescript, "true or false");
  if (tsconfig !== undefined && typeof tsconfig !== "string") {
    throw wrong("tsconfig", tsconfig, "the path of a file");
  }
  if (typeof nodeargs !== "string") throw wrong("nodeargs", nodeargs, "arguments in one text");
  if (packagemanager !== "npm" && packagemanager !== "auto") {
    throw wrong("packagemanager", packagemanager, "npm");
  }
  return { typescript, tsconfig, nodeArgs: splitArguments(nodeargs) };
}

const wrong = (option: string, value: unknown, wanted: string) =>
  new Error(`runtime.options.${option} is ${JSON.stringify(value)}; wanted ${wanted}`);

// Quotes and backslashes as a POSIX shell reads them, without any expansion.
function splitArguments(text: string): string[] {
  const words = text.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replaceAll(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g, (_, single, double, escaped) =>
      String(single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? escaped),
    ),
  );
}
