/** The command line behind every npm script: `npm run COMMAND -- [options] [-- more]`. */
import { Command, InvalidArgumentError, Option, type OptionValues } from "commander";
import { splitExtra, takesNoneOfOurs, takesNothingMore } from "./commands/extra.ts";
import { tellError } from "./commands/tellError.ts";
import { DEFAULT_STACK } from "./npmRun.ts";

const { own, extra } = splitExtra(process.argv.slice(2));

/** A whole number from `least` on, as commander wants its parsers. */
const wholeNumber = (least: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new InvalidArgumentError(`wanted is a whole number from ${least} on.`);
  return value;
};

const program = new Command("npm run")
  .usage("COMMAND -- [options] [-- arguments for the tool behind it]")
  .description("Turnkey: LiveKit with a TURN relay that is proven to work")
  .showHelpAfterError("(npm run COMMAND -- --help tells more)")
  .helpCommand(false);

/** A command's work: its options, its own arguments and those after `--` in one object; gives the exit code. */
type Run<O> = (options: O) => number | Promise<number>;

/** Adds a command; `tool` says who gets what is given after `--`, nobody when it is absent. */
function command<O extends OptionValues>(
  name: string,
  description: string,
  load: () => Promise<Run<O>>,
  { tool, onStack = true }: { tool?: string; onStack?: boolean } = {},
): Command {
  const it = program
    .command(name)
    .description(description)
    .usage(`-- [options]${tool ? ` [-- arguments of ${tool}]` : ""}`);
  if (onStack) it.option("--stack <name>", "the stack", DEFAULT_STACK);
  return it.action(async () => {
    if (!tool) takesNothingMore(name, extra);
    else if (tool.startsWith("pulumi ")) takesNoneOfOurs(name, extra);
    const run = await load();
    process.exitCode = await run({ ...it.opts<O>(), args: it.args, extra });
  });
}

/** The options of commands that may have to install something. */
const installs = (it: Command) =>
  it
    .option("--yes", "do not ask before installing or changing anything", false)
    .option("--online", "try the official downloads again", false);

const load = {
  up: async () => (await import("./commands/up.ts")).up,
  preview: async () => (await import("./commands/preview.ts")).preview,
  policy: async () => (await import("./commands/policy.ts")).policy,
  state: async () => (await import("./commands/state.ts")).state,
  down: async () => (await import("./commands/down.ts")).down,
  outputs: async () => (await import("./commands/outputs.ts")).outputs,
  logs: async () => (await import("./commands/logs.ts")).logs,
  verify: async () => (await import("./commands/verify.ts")).verify,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  token: async () => (await import("./commands/token.ts")).token,
  rotate: async () => (await import("./commands/rotate.ts")).rotate,
  revoke: async () => (await import("./commands/revoke.ts")).revoke,
  env: async () => (await import("./commands/env.ts")).env,
  cost: async () => (await import("./commands/cost.ts")).cost,
  deployerPolicy: async () => (await import("./commands/deployerPolicy.ts")).deployerPolicy,
  clean: async () => (await import("./commands/clean.ts")).clean,
  check: async () => (await import("./commands/check.ts")).check,
  test: async () => (await import("./commands/test.ts")).test,
  unit: async () => (await import("./commands/test.ts")).testUnit,
  node: async () => (await import("./commands/test.ts")).testNode,
};

installs(
  command("up", "set up this machine, deploy the stack, prove it", load.up, { tool: "pulumi up" })
    .option(
      "--lan [address]",
      "serve the LAN from now on, at this machine's address there or at the one named",
    )
    .option("--no-lan", "serve this machine alone again")
    .option("--no-verify", "leave out the proof, and on AWS the waiting for the node")
    .option("--no-policy", "on AWS: deploy without asking the policies")
    .option("--local-state", "on AWS: keep the state on this machine all the same", false),
);
installs(command("preview", "show what up would change", load.preview, { tool: "pulumi preview" }));
installs(
  command("policy", "judge what up would deploy by the policies", load.policy, {
    tool: "pulumi preview",
  }),
);
installs(
  command("down", "remove everything of the stack", load.down, { tool: "pulumi destroy" })
    .option("--engine", "stop the Docker Engine as well, if Turnkey started it", false)
    .option(
      "--unprotect [stack]",
      "release and remove what is protected, too; asks for the stack's name unless it is given",
    ),
);
command("state", "print a script that makes a bucket and a key for Pulumi's state", load.state)
  .requiredOption("--bucket <name>", "the bucket's name, unique in all of AWS")
  .requiredOption("--region <region>", "where it shall be, such as eu-central-1")
  .option("--key-alias <alias>", "the KMS key's alias", "turnkey-state");
command("outputs", "show addresses, ports, containers and keys", load.outputs)
  .addOption(new Option("--json", "as Pulumi's JSON").default(false).conflicts("env"))
  .option("--env", "for a .env file, secrets in clear: npm run -s outputs -- --env > .env", false)
  .option("--show-secrets", "secrets in clear", false);
command("logs", "show what the containers print", load.logs)
  .usage("-- [options] [service]")
  .argument("[service]", "one of them, such as livekit")
  .option("-f, --follow", "go on with what comes", false)
  .option("-n, --tail <lines>", "only the last lines of each", wholeNumber(0));
command("verify", "prove the deployed stack again, or any deployment", load.verify)
  .option("--json", "as {ok, legs: [{name, url, ok, result, ms, cause?, na?}]}", false)
  .option("--url <url>", "an API's base URL: prove that deployment, without a stack")
  .option(
    "--token <token>",
    "a user's API token for it; - reads standard input, and without the option TURNKEY_TOKEN is read: an argument shows in every list of processes",
  )
  .option("--ca <file>", "PEM of a CA to trust besides the system's, with --url")
  .option("--livekit-version <version>", "what runs there, to expect what that version refuses");
command("doctor", "find what is wrong on this machine, and say what mends it", load.doctor).option(
  "--json",
  "as {ok, findings: [{check, level, text, mend?}]}",
  false,
);
command("token", "print an API token for a user", load.token)
  .requiredOption("--user <name>", "whom it is for")
  .option("--ttl <seconds>", "how long it is valid", wholeNumber(1), 3_600);
command("rotate", "write a rotation of the keys into the stack's file", load.rotate);
installs(
  command("revoke", "end keys of a generation, or all that a user has, now", load.revoke)
    .usage("-- [options] generation <number> | user <id>")
    .argument("<what>", "generation or user")
    .argument("<which>", "the generation's number, or the user's id")
    .option("--undo", "let the user in again", false)
    .option("--local-state", "on AWS: keep the state on this machine all the same", false)
    .option("--json", "as {revoked, current, goesOn} or {user, cutOff, removed, goesOn}", false),
);
command("env", 'print what a bare `npx pulumi` needs: eval "$(npm run -s env)"', load.env, {
  onStack: false,
});
command("cost", "estimate what a stack costs on AWS in a month, from its settings", load.cost)
  .option(
    "--relayed-gb <gb>",
    "GB that leave the node in a month, in place of aws.alarms.networkOutGbPerMonth",
    wholeNumber(0),
  )
  .option(
    "--json",
    "as {stack, target, region, lines, traffic, fixedUsd, totalUsd, missing, prices, ...}",
    false,
  );
command(
  "deployer-policy",
  "print commands that make the IAM policies of who deploys",
  load.deployerPolicy,
)
  .requiredOption("--account <id>", "the AWS account, twelve digits")
  .option("--json", "the documents by name instead", false);
command("clean", "delete caches and the local CA", load.clean);
command("check", "types, lint, format, unit tests, and the stack's settings", load.check).option(
  "--no-tests",
  "without the unit tests",
);
installs(
  command("test", "set up this machine, run every test", load.test, {
    tool: "jest",
    onStack: false,
  }),
);
command("test:unit", "run the tests that need only Node", load.unit, {
  tool: "jest",
  onStack: false,
});
installs(
  command("test:node", "boot a production node on this machine, and test it", load.node, {
    tool: "jest",
    onStack: false,
  }),
);

// `npm run logs | head` ends the reader first.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await program.parseAsync(own, { from: "user" });
} catch (error) {
  tellError(error);
  process.exitCode = 1;
}
