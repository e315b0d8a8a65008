/** The command that runs a program of ours, with the Node that runs this. */
export const nodeProgram = (file: string, ...args: readonly string[]): string[] => [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  file,
  ...args,
];
