/** A stack of a test's own that plain Pulumi deploys: without the proof at the end of `npm run up`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectEngine } from "../../machine/dockerEngine.ts";
import type { ServiceName } from "../../plan/plan.ts";
import { cliFile } from "../../scripts/setup/pulumiPaths.ts";
import { type Checkout, makeCheckout, type Ran } from "./checkout.ts";
import { inspectService, said } from "./stack.ts";

export interface PlainStack {
  readonly checkout: Checkout;
  /** The stack's file. */
  readonly file: string;
  /** Runs the CLI on the stack; throws with what it said when it fails. */
  pulumi(...args: string[]): Promise<Ran>;
  up(...args: string[]): Promise<Ran>;
  /** When the containers of services were started. */
  startedAt(...services: ServiceName[]): Promise<string[]>;
  remove(): Promise<void>;
}

/** Makes the stack, which holds nothing yet, with these settings. */
export async function plainStack(stack: string, settings: string): Promise<PlainStack> {
  const checkout = makeCheckout();
  const file = join(checkout.folder, `Pulumi.${stack}.yaml`);
  writeFileSync(file, settings);
  const { stdout } = await checkout.run("env");
  const exports = stdout.matchAll(/^export ([A-Z_]+)='?([^'\n]*)'?$/gm);
  const env = Object.fromEntries([...exports].map(([, key = "", value = ""]) => [key, value]));
  const pulumi = async (...args: string[]) => {
    const given = [...args, "--stack", stack, "--non-interactive"];
    const ran = await checkout.exec(cliFile(process.env), given, env);
    if (ran.code !== 0) throw new Error(`pulumi ${args.join(" ")}:\n${said(ran)}`);
    return ran;
  };
  await pulumi("stack", "init");
  const engine = connectEngine();
  return {
    checkout,
    file,
    pulumi,
    up: (...args) => pulumi("up", "--yes", "--skip-preview", "--suppress-outputs", ...args),
    startedAt: (...services) =>
      Promise.all(
        services.map(async (service) =>
          (await inspectService(engine, stack, service)).text("State", "StartedAt"),
        ),
      ),
    remove: async () => {
      await pulumi("destroy", "--yes", "--skip-preview");
      checkout.remove();
    },
  };
}
