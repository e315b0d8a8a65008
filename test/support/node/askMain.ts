/** Asks what comes on standard input, and prints the answers. */
import { once } from "node:events";
import { request as plainRequest } from "node:http";
import { Agent, request } from "node:https";
import { json, text } from "node:stream/consumers";
import { trustedCas } from "../../../verify/trust.ts";
import { type Answer, Questions } from "./ask.ts";

const { ca, check, limitMs, questions } = Questions.parse(await json(process.stdin));
const agent = new Agent({ ca: trustedCas(ca), rejectUnauthorized: check });
const answers: Answer[] = [];
for (const { url, method, headers, body } of questions) {
  const signal = AbortSignal.timeout(limitMs);
  const asked = url.startsWith("https:")
    ? request(url, { method, headers, agent, signal })
    : plainRequest(url, { method, headers, signal });
  const answered = once(asked, "response");
  asked.end(body);
  // oxlint-disable-next-line no-await-in-loop -- in this order
  const [answer] = await answered;
  answers.push({
    status: answer.statusCode,
    headers: Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
    ),
    // oxlint-disable-next-line no-await-in-loop -- in this order
    body: await text(answer),
  });
}
console.log(JSON.stringify(answers));
