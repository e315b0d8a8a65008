import { createHash, randomBytes } from "node:crypto";
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { promised } from "./deadline.ts";
import { errorCode, LegFailure } from "./findings.ts";
import { isCertificateError, trustingAgent } from "./trust.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3

/** Opens a WebSocket and closes it at once. Rejects with a `LegFailure` when the server does not switch. */
export async function tryWebSocket(
  url: string,
  { ca, signal }: { readonly ca: string | undefined; readonly signal: AbortSignal },
): Promise<void> {
  const key = randomBytes(16).toString("base64");
  const isSecure = url.startsWith("wss:");
  const asked = (isSecure ? secure : plain)(url.replace(/^ws/, "http"), {
    agent: isSecure && trustingAgent(ca),
    signal,
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": key,
    },
  });
  try {
    const accepted = await promised<unknown>(signal, (resolve, reject) => {
      asked.once("upgrade", ({ headers }, socket) => {
        socket.destroy(); // no longer the request's
        resolve(headers["sec-websocket-accept"]);
      });
      asked.once("response", ({ statusCode }) =>
        reject(failed(`the server answers ${statusCode} instead of switching to WebSocket`)),
      );
      asked.once("error", (error) => reject(notReached(errorCode(error))));
      asked.end();
    });
    const accept = createHash("sha1").update(`${key}${GUID}`).digest("base64");
    if (accepted !== accept)
      throw failed("the server's Sec-WebSocket-Accept does not belong to the key sent");
  } finally {
    asked.once("error", () => undefined); // what closing it half-way brings
    asked.destroy();
  }
}

const failed = (problem: string) => new LegFailure({ kind: "web-socket", problem });

const notReached = (code: string) =>
  isCertificateError(code)
    ? new LegFailure({ kind: "certificate", code })
    : failed(`no connection (${code})`);
