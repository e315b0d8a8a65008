/** TLS for everything verify opens: whom it trusts, and HTTP over it. */
import { once } from "node:events";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

/** The CAs trusted: the system's, and the given ones. PEM. */
export const trustedCas = (ca: string | undefined): string[] => [
  ...getCACertificates("default"),
  ...(ca ? [ca] : []),
];

let last: { readonly ca: string | undefined; readonly context: SecureContext } | undefined;

/** The same as TLS takes it; reading the system's CAs takes a while, so the last one is kept. */
export function trusting(ca: string | undefined): SecureContext {
  if (!last || last.ca !== ca) last = { ca, context: createSecureContext({ ca: trustedCas(ca) }) };
  return last.context;
}

/** The same as an HTTPS request takes it; its connections are not kept. */
export const trustingAgent = (ca: string | undefined): Agent =>
  new Agent({ secureContext: trusting(ca) });

/** Whether an error's code is one of X.509 verification: OpenSSL's names and Node's ERR_TLS_CERT_ALTNAME_INVALID. */
export const isCertificateError = (code: string): boolean =>
  /CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH$/.test(code);

/** The part of `fetch` that verify uses. */
export type Fetch = (
  url: string,
  init?: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
    readonly signal?: AbortSignal;
  },
) => Promise<Response>;

/** `fetch` for a deployment with a CA of its own, which Node's takes only for the whole process. */
export const fetchTrusting = (ca: string | undefined): Fetch =>
  ca
    ? (url, init) => (url.startsWith("https:") ? overTls(ca)(url, init) : fetch(url, init))
    : fetch;

const overTls =
  (ca: string): Fetch =>
  async (url, { method = "GET", headers = {}, body, signal } = {}) => {
    const asked = request(url, {
      method,
      headers,
      agent: trustingAgent(ca),
      ...(signal && { signal }),
    });
    const answered = once(asked, "response");
    asked.end(body);
    const [answer] = await answered;
    return new Response(await text(answer), { status: answer.statusCode });
  };
