/** What real tests ask of a stack they deployed. */
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { look, type Look } from "../../machine/look.ts";
import type { ServiceName } from "../../plan/plan.ts";
import { StackOutputs } from "../../turn/outputs.ts";
import type { Checkout, Ran } from "./checkout.ts";

/** Everything a command printed. */
export const said = ({ stdout, stderr }: Ran) => `${stdout}\n${stderr}`;

/** For `toEqual({ code: 0, said: "" })`: a failure shows what was printed. */
export const outcome = (ran: Ran) => ({ code: ran.code, said: ran.code === 0 ? "" : said(ran) });
export const success = { code: 0, said: "" };

/** The stack's outputs, secrets among them; a certificate of a public CA has none to trust besides. */
export async function outputsOf(
  checkout: Checkout,
  stack: string,
): Promise<StackOutputs & { readonly caCertificate: string }> {
  const shown = await checkout.run("outputs", "--stack", stack, "--json", "--show-secrets");
  if (shown.code !== 0) throw new Error(said(shown));
  const outputs = StackOutputs.parse(JSON.parse(shown.stdout));
  return { ...outputs, caCertificate: outputs.caCertificate ?? "" };
}

/** What the engine tells of a service's container. */
export const inspectService = async (
  engine: DockerEngine,
  stack: string,
  service: ServiceName,
): Promise<Look> => look(await engine.json("GET", `/containers/turnkey-${stack}-${service}/json`));
