/** The certificate that clients on the internet are served. */
import { join } from "node:path";
import * as z from "zod";
import { inNamespace } from "../networkTools.ts";
import { nodeProgram } from "./nodeProgram.ts";
import type { Rig } from "./rig.ts";

/** What is asked: TLS at this host, whose name the certificate has to have, trusting this CA alone. */
export const ServedTask = z.strictObject({ host: z.string(), port: z.int(), ca: z.string() });
export type ServedTask = z.infer<typeof ServedTask>;

export const Served = z.strictObject({
  pem: z.string(),
  serial: z.string(),
  /** As OpenSSL writes them: `DNS:name`, `IP Address:address`. */
  names: z.string(),
  /** Its whole life. */
  days: z.number(),
});
export type Served = z.infer<typeof Served>;

/** Opens a connection and looks. Throws where the certificate is not one that clients of the rig trust for its host. */
export async function servedCertificate(
  rig: Pick<Rig, "internet" | "host" | "trusted">,
  port = 443,
): Promise<Served> {
  const task: ServedTask = { host: rig.host, port, ca: await rig.trusted() };
  const program = join(import.meta.dirname, "servedCertificateMain.ts");
  const command = nodeProgram(program, JSON.stringify(task));
  return Served.parse(JSON.parse(await inNamespace(rig.internet.client, ...command)));
}
