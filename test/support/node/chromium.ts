/** Chromium as a client of the rig's. */
import { X509Certificate } from "node:crypto";
import type { Browser } from "playwright-core";
import { callFlags } from "../browserCall.ts";
import { launchBrowserIn } from "../browserIn.ts";
import { inNamespace } from "../networkTools.ts";
import type { Rig } from "./rig.ts";

/** The certificate that vouches for the node's and comes along with it. Throws where the trusted one did not sign it. */
async function intermediate(rig: Pick<Rig, "internet" | "host" | "trusted">): Promise<string> {
  const ask = ["openssl", "s_client", "-showcerts", "-servername", rig.host];
  const told = await inNamespace(rig.internet.client, ...ask, "-connect", `${rig.host}:443`);
  const pem = told.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)?.at(-1);
  if (pem === undefined) throw new Error(`${rig.host} serves no certificate: ${told}`);
  if (!new X509Certificate(pem).verify(new X509Certificate(await rig.trusted()).publicKey))
    throw new Error(`${rig.host} serves a certificate that does not lead to the trusted one`);
  return pem;
}

/** Starts it in the client's namespace. It trusts what that authority vouches for: by the intermediate one, as the root is not sent. */
export const launchChromium = async (rig: Rig): Promise<Browser> =>
  launchBrowserIn(rig.internet.client, callFlags(await intermediate(rig)));
