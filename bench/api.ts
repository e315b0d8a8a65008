/**
 * `npm run bench:api`: how many ICE configurations the API hands out, beside a bare Fastify route with
 * the same sign-in and log line and a bare Node handler, in turns in one run; how long answers take;
 * what minting alone takes; and what the API holds after ten minutes of work.
 */
import autocannon from "autocannon";
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { columns } from "../scripts/commands/columns.ts";
import { signApiToken } from "../turn/apiToken.ts";
import { livekit } from "../turn/livekit.ts";
import { participantId } from "../turn/participantId.ts";
import { LOAD_CORE, type Running, startApi, startBare } from "./apiProcess.ts";

const SECRET = "a-secret-of-the-benchmark-0123456789";
const USERS = 1_000;
const CONNECTIONS = 100;
const PATH = "/api/livekit/ice-config";
/** Longer than the whole run. */
const TOKEN_TTL_SECONDS = 86_400;
/** Requests a second while memory is watched: a busy deployment, and not its limit. */
const SOAK_RATE = 200;
const GOAL = 0.8;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "5" },
    "memory-minutes": { type: "string", default: "10" },
    json: { type: "boolean", default: false },
  },
});
/** A whole number of at least `least`. */
function wholeNumber(name: keyof typeof values, least: number): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < least)
    throw new Error(`--${name} is ${values[name]}, wanted a whole number of at least ${least}`);
  return number;
}
const rounds = wholeNumber("rounds", 1);
const seconds = wholeNumber("seconds", 1);
const memoryMinutes = wholeNumber("memory-minutes", 0);

execFileSync("taskset", ["-cp", LOAD_CORE, `${process.pid}`], { stdio: "ignore" });

const now = new Date();
const tokens = await Promise.all(
  Array.from({ length: USERS }, (_, user) =>
    signApiToken(SECRET, { subject: `user-${user}`, ttlSeconds: TOKEN_TTL_SECONDS, now }),
  ),
);
const requests = tokens.map((token) => ({
  path: PATH,
  headers: { authorization: `Bearer ${token}` },
}));

/** Every connection takes the users in turn, each from another one on. On a machine that is busy otherwise the API sheds load, which is told as refused. */
async function load({ url }: Running, duration: number, rate?: number) {
  let connection = 0;
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration,
    ...(rate !== undefined && { overallRate: rate }),
    requests,
    setupClient: (client) => {
      const from = (connection++ * USERS) / CONNECTIONS;
      client.setRequests([...requests.slice(from), ...requests.slice(0, from)]);
    },
  });
  if (result.errors > 0) throw new Error(`${result.errors} requests failed`);
  const { requests: answers, latency, non2xx } = result;
  return { rate: answers.average, p50: latency.p50, p99: latency.p99, refused: non2xx };
}

type Measured = Awaited<ReturnType<typeof load>>;

const median = (all: readonly number[]) =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? NaN;

const medians = (all: readonly Measured[]) => ({
  rate: median(all.map((it) => it.rate)),
  p50: median(all.map((it) => it.p50)),
  p99: median(all.map((it) => it.p99)),
  refused: all.reduce((sum, it) => sum + it.refused, 0),
});

/** In turns, so that what else the machine does meets all alike; the first round warms up. */
async function compare(servers: readonly Running[]): Promise<Measured[]> {
  const measured: Measured[][] = servers.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    console.error(round === 0 ? "warming up" : `round ${round} of ${rounds}`);
    for (const [index, server] of servers.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one at a time, or they disturb each other
      const one = await load(server, seconds);
      if (round > 0) measured[index]?.push(one);
    }
  }
  return measured.map(medians);
}

/** Credentials a second on one core: participant id and credential, as for users in turn. */
function mintRate(): number {
  const key = { key: "TURN", secret: "t".repeat(43) };
  const expiry = Math.floor(now.getTime() / 1000) + TOKEN_TTL_SECONDS;
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < 2_000; count += 1)
    livekit.mint(key, participantId("u".repeat(43), `user-${count % USERS}`), expiry);
  return (count * 1000) / (performance.now() - start);
}

/** Memory of the API at the start and the end of its work. */
async function soak(api: Running) {
  const before = api.memoryMib();
  let most = before;
  let refused = 0;
  for (let minute = 1; minute <= memoryMinutes; minute += 1) {
    console.error(`memory: minute ${minute} of ${memoryMinutes}`);
    // oxlint-disable-next-line no-await-in-loop -- one minute after the other
    refused += (await load(api, 60, SOAK_RATE)).refused;
    most = Math.max(most, api.memoryMib());
  }
  return { before, after: api.memoryMib(), most, refused };
}

const servers: Running[] = [];
/** Has a server stopped at the end, whatever comes. */
const started = async (starting: Promise<Running>): Promise<Running> => {
  const server = await starting;
  servers.push(server);
  return server;
};

try {
  const api = await started(startApi(SECRET));
  const all = [
    api,
    await started(startBare("fastify", SECRET)),
    await started(startBare("node", SECRET)),
  ];
  const [ours, bareFastify, bareNode] = await compare(all);
  const mint = mintRate();
  const memory = await soak(api);
  if (!ours || !bareFastify || !bareNode) throw new Error("not every server was measured");
  if (values.json) console.log(JSON.stringify({ ours, bareFastify, bareNode, mint, memory }));
  else {
    const ratio = ours.rate / bareFastify.rate;
    const row = (name: string, it: Measured) => [
      name,
      it.rate.toFixed(0),
      (it.rate / bareFastify.rate).toFixed(2),
      `${it.p50} ms`,
      `${it.p99} ms`,
      `${it.refused}`,
    ];
    console.log(
      columns([
        ["", "answers/s", "ratio", "p50", "p99", "refused"],
        row("the API", ours),
        row("bare Fastify, same sign-in and log line", bareFastify),
        row("bare node:http", bareNode),
      ]),
    );
    console.log(
      `\ngoal ${GOAL} of bare Fastify: ${ratio >= GOAL ? "met" : "missed"} (${ratio.toFixed(2)})`,
    );
    console.log(`credentials a second on one core, minting alone: ${mint.toFixed(0)}`);
    console.log(
      `memory of the API, ${memoryMinutes} minutes at ${SOAK_RATE} answers/s: ${memory.before.toFixed(0)} MiB before, ${memory.after.toFixed(0)} after, ${memory.most.toFixed(0)} at most; ${memory.refused} requests refused`,
    );
  }
} finally {
  await Promise.all(servers.map((it) => it.stop()));
}
