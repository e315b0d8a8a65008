/** The servers that `bench/api.ts` compares with the API, each a process of its own: `node bench/apiServers.ts KIND PORT SECRET`. */
import fastify from "fastify";
import { createServer } from "node:http";
import { verifyApiToken } from "../turn/apiToken.ts";

/** As large and as deep as the API's answer. */
const answer = {
  iceServers: [
    { urls: ["stun:127.0.0.1:443"] },
    {
      urls: [
        "turn:127.0.0.1:443?transport=udp",
        "turns:127.0.0.1:443?transport=tcp",
        "turns:127.0.0.1:5349?transport=tcp",
      ],
      username: "a".repeat(62),
      credential: "b".repeat(43),
    },
  ],
  ttl: 86_400,
  expiresAt: "2030-01-01T00:00:00.000Z",
};

/** Nothing but Node: no sign-in, no log. */
function bareNode(port: number): void {
  createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  }).listen(port, "127.0.0.1");
}

/** One Fastify route with the API's sign-in and a log line for each request. */
async function bareFastify(port: number, secret: string): Promise<void> {
  const app = fastify({ logger: true, disableRequestLogging: true });
  app.route({
    method: "GET",
    url: "/*",
    handler: async (request) => {
      const token = request.headers.authorization?.slice("Bearer ".length) ?? "";
      const { sub } = await verifyApiToken(secret, token, new Date());
      request.log.info({ user: sub, expiresAt: answer.expiresAt }, "gave an answer");
      return answer;
    },
  });
  await app.listen({ host: "127.0.0.1", port });
}

const [kind, port, secret = ""] = process.argv.slice(2);
if (kind === "fastify") await bareFastify(Number(port), secret);
else bareNode(Number(port));
