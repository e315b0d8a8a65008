/** Asks whether a download site answers, as its own installer would meet it. */
import { get as getPlain, Agent as PlainAgent } from "node:http";
import { get as getSecure, Agent as SecureAgent } from "node:https";
import type { IncomingMessage } from "node:http";
import { isNativeError } from "node:util/types";

/** Long enough for a slow network, short enough for a first run. */
export const DOWNLOAD_LIMIT_MS = 5000;

const MOST_REDIRECTS = 3;

export type DownloadAnswer =
  { readonly works: true } | { readonly works: false; readonly reason: string };

const refused = (reason: string): DownloadAnswer => ({ works: false, reason });

/** A request through the proxy that the environment names, if it names one. */
function request(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const secure = url.protocol === "https:";
  const proxyEnv = process.env;
  const sent = secure
    ? getSecure(url, { signal, agent: new SecureAgent({ proxyEnv }) })
    : getPlain(url, { signal, agent: new PlainAgent({ proxyEnv }) });
  return new Promise((resolve, reject) => {
    sent.once("response", resolve).once("error", reject);
  });
}

async function firstBytes(answer: IncomingMessage): Promise<string> {
  for await (const chunk of answer) return String(chunk);
  return "";
}

async function follow(url: URL, signal: AbortSignal, redirects: number): Promise<DownloadAnswer> {
  const answer = await request(url, signal);
  const { statusCode = 0, headers } = answer;
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    answer.destroy();
    if (redirects === 0) return refused(`${url.host} redirects without end`);
    return follow(new URL(headers.location, url), signal, redirects - 1);
  }
  if (statusCode !== 200) {
    answer.destroy();
    return refused(`${url.host} answered ${statusCode}`);
  }
  // Where a network wants a sign-in first, a page comes back in place of the script.
  if (!(await firstBytes(answer)).startsWith("#!"))
    return refused(`${url.host} answered with something else than its installer`);
  return { works: true };
}

/** Whether the install script at `url` can be had within `limitMs`, and if not, why. */
export async function canDownload(
  url: string,
  limitMs = DOWNLOAD_LIMIT_MS,
): Promise<DownloadAnswer> {
  const signal = AbortSignal.timeout(limitMs);
  const { host } = new URL(url);
  try {
    return await follow(new URL(url), signal, MOST_REDIRECTS);
  } catch (error) {
    if (signal.aborted) return refused(`${host} did not answer within ${limitMs / 1000} s`);
    const reason = isNativeError(error) && "code" in error ? String(error.code) : String(error);
    return refused(`${host} cannot be reached (${reason})`);
  }
}
