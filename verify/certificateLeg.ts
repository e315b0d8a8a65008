import { once } from "node:events";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { errorCode, LegFailure } from "./findings.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";
import { isCertificateError, trusting } from "./trust.ts";

const DAY_MS = 86_400_000;
/** An update renews a stack's certificate long before: 30 days. */
const LEAST_MS = 7 * DAY_MS;
/** Part of its life that a short one is to have left: a node renews it at half of it. */
const LEAST_PART = 1 / 3;

/**
 * Looks at the certificate that an HTTPS origin serves: it leads to a trusted CA, covers the name or
 * address, and has some days left.
 */
export async function certificateLeg(context: Context, origin: string): Promise<Leg> {
  const plan = { name: "certificate is trusted and current", url: origin };
  const { leg } = await tryLeg(context, plan, async (signal) => {
    const { from, to } = await servedLife(new URL(origin), context.target.caCertificate, signal);
    const left = to.getTime() - context.now().getTime();
    const least = Math.min(LEAST_MS, LEAST_PART * (to.getTime() - from.getTime()));
    if (left < least)
      throw new LegFailure({ kind: "certificate-ends", days: Math.floor(left / DAY_MS) });
  });
  return leg;
}

/** The certificate's time of validity; its chain and names are checked on the way. */
async function servedLife(
  { hostname, port }: URL,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly from: Date; readonly to: Date }> {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const name = isIP(host) ? {} : { servername: host };
  const secureContext = trusting(ca);
  const socket = connect({ host, port: port ? Number(port) : 443, secureContext, ...name });
  try {
    await once(socket, "secureConnect", { signal });
    const served = socket.getPeerCertificate();
    return { from: new Date(served.valid_from), to: new Date(served.valid_to) };
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
