import { once } from "node:events";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { errorCode, LegFailure } from "./findings.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";
import { isCertificateError, trusting } from "./trust.ts";

/** An update renews a stack's certificate long before: 30 days. */
const LEAST_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * Looks at the certificate that an HTTPS origin serves: it leads to a trusted CA, covers the name or
 * address, and has some days left.
 */
export async function certificateLeg(context: Context, origin: string): Promise<Leg> {
  const plan = { name: "certificate is trusted and current", url: origin };
  const { leg } = await tryLeg(context, plan, async (signal) => {
    const until = await servedUntil(new URL(origin), context.target.caCertificate, signal);
    const days = Math.floor((until.getTime() - context.now().getTime()) / DAY_MS);
    if (days < LEAST_DAYS) throw new LegFailure({ kind: "certificate-ends", days });
  });
  return leg;
}

/** The end of the certificate's time of validity; its chain and names are checked on the way. */
async function servedUntil(
  { hostname, port }: URL,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<Date> {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const name = isIP(host) ? {} : { servername: host };
  const secureContext = trusting(ca);
  const socket = connect({ host, port: port ? Number(port) : 443, secureContext, ...name });
  try {
    await once(socket, "secureConnect", { signal });
    return new Date(socket.getPeerCertificate().valid_to);
  } catch (error) {
    signal.throwIfAborted();
    const code = errorCode(error);
    throw new LegFailure(
      isCertificateError(code)
        ? { kind: "certificate", code }
        : { kind: "connection", transport: "tls", code },
      { cause: error },
    );
  } finally {
    socket.on("error", () => undefined);
    socket.destroy();
  }
}
