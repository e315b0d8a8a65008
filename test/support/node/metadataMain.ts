/**
 * An instance metadata service, version 2 only, as far as a node asks it (EC2 User Guide, "Instance metadata
 * categories"). Its one argument is a JSON file: by address of who asks, paths below `/latest/` and what they hold.
 * It is read at each question, so that they may change. Prints a line for each: status, method, path, who asked.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import * as z from "zod";

const Trees = z.record(z.string(), z.record(z.string(), z.string()));
const file = process.argv[2];
if (file === undefined) throw new Error("the file of what is told is not named");

const TTL = "x-aws-ec2-metadata-token-ttl-seconds";
const tokens = new Set<string>();

function answer(
  asker: string,
  method: string,
  path: string,
  headers: NodeJS.Dict<string | string[]>,
) {
  if (method === "PUT" && path === "api/token") {
    // A packet that was forwarded by a proxy is none of the instance's.
    if (headers["x-forwarded-for"] !== undefined) return { status: 403, body: "" };
    if (!/^\d+$/.test(String(headers[TTL]))) return { status: 400, body: "" };
    const token = randomBytes(24).toString("base64");
    tokens.add(token);
    return { status: 200, body: token };
  }
  if (!tokens.has(String(headers["x-aws-ec2-metadata-token"]))) return { status: 401, body: "" };
  const body = Trees.parse(JSON.parse(readFileSync(String(file), "utf8")))[asker]?.[path];
  return body === undefined ? { status: 404, body: "" } : { status: 200, body };
}

createServer((request, response) => {
  const { method = "", url = "", headers } = request;
  const asker = request.socket.remoteAddress ?? "";
  const { status, body } = answer(asker, method, url.replace(/^\/latest\//, ""), headers);
  console.log([status, method, url, asker].join(" "));
  // A token comes with how long it lives, or AWS's SDKs do not take it.
  const life = headers[TTL];
  if (status === 200 && life !== undefined) response.setHeader(TTL, life);
  response.writeHead(status, { "content-type": "text/plain" }).end(body);
}).listen(80, "169.254.169.254");
