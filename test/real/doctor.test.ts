/** `npm run doctor` on a deployed stack with real faults: each is named, with what mends it. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { look } from "../../machine/look.ts";
import { makeCheckout, type Checkout } from "../support/checkout.ts";
import { until } from "../support/until.ts";

const STACK = "docreal";
const MINUTES = 60_000;
const API_PORT = 22_490;
const TURN_PORT = 22_443;

const STACK_FILE = `config:
  turnkey:target: docker
  turnkey:livekit: { port: 22480, metricsPort: 22489 }
  turnkey:rtc: { tcpPort: 22481, mediaPorts: { from: 22500, to: 22540 } }
  turnkey:turn: { udpPort: ${TURN_PORT}, tlsPort: 22449 }
  turnkey:edge: { httpsPort: 22444, turnPort: 22450, metricsPort: 22404 }
  turnkey:api: { port: ${API_PORT}, metricsPort: 22491 }
`;

const Report = z.strictObject({
  ok: z.boolean(),
  findings: z.array(
    z.strictObject({
      check: z.string(),
      level: z.enum(["ok", "warning", "problem", "unknown"]),
      text: z.string(),
      mend: z.string().optional(),
    }),
  ),
});

const engine = connectEngine();
let checkout: Checkout;

/** The doctor's findings, those about other users' stacks left out. */
async function doctor() {
  const ran = await checkout.run("doctor", "--stack", STACK, "--json");
  const { ok, findings } = Report.parse(JSON.parse(ran.stdout));
  expect(ran.code).toBe(ok ? 0 : 1);
  const wrong = findings.filter(({ level }) => level === "problem" || level === "warning");
  return {
    ok,
    findings,
    wrong: wrong.filter(({ text }) => !text.includes("in no backend of this user")),
  };
}

/** Whether the relay works is not the question here. */
async function deploy(): Promise<void> {
  const { stdout, stderr } = await checkout.run("up", "--stack", STACK, "--yes", "--no-verify");
  const outputs = await checkout.run("outputs", "--stack", STACK);
  expect({ code: outputs.code, said: outputs.code === 0 ? "" : stdout + stderr }).toEqual({
    code: 0,
    said: "",
  });
}

const stateFile = () =>
  join(checkout.data, "backend", ".pulumi", "stacks", "turnkey", `${STACK}.json`);

const container = (service: string) => `turnkey-${STACK}-${service}`;
const call = (service: string, what: string) =>
  engine.json("POST", `/containers/${container(service)}/${what}`);

beforeAll(async () => {
  checkout = makeCheckout();
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
  await deploy();
}, 15 * MINUTES);

afterAll(async () => {
  await checkout.run("down", "--stack", STACK, "--yes");
  checkout.remove();
}, 3 * MINUTES);

test(
  "nothing is wrong with a stack that was just deployed",
  async () => {
    const { ok, findings, wrong } = await doctor();
    expect({ ok, wrong }).toEqual({ ok: true, wrong: [] });
    const about = (check: string) =>
      findings
        .filter((it) => it.check === check)
        .map(({ text }) => text)
        .join("\n");
    for (const service of ["livekit", "api", "edge"])
      expect(about("containers")).toContain(`${container(service)} runs, healthy`);
    expect(about("ports")).toMatch(/held by this stack: .*22444\/tcp https.*22443\/udp turn-udp/);
    expect(about("certificate")).toContain("the certificate on 22444/tcp covers 127.0.0.1");
    expect(about("certificate")).toContain("the certificate on 22449/tcp covers 127.0.0.1");
    expect(about("clock")).toContain("LiveKit's clock agrees");
  },
  MINUTES,
);

test(
  "names every one of several faults, each with its mend, and mends none itself",
  async () => {
    // A stopped API whose port somebody else took.
    await call("api", "stop?t=1");
    const squatter = createServer();
    await once(squatter.listen(API_PORT, "127.0.0.1"), "listening");
    // A LiveKit that cannot have its TURN port and starts again and again.
    await call("livekit", "stop?t=1");
    const udp = createSocket("udp4");
    udp.bind(TURN_PORT, "127.0.0.1");
    await once(udp, "listening");
    await call("livekit", "start");
    // A CA key that others may read.
    chmodSync(join(checkout.data, "local-ca.pem"), 0o644);
    // A lock of a process that is gone.
    const locks = join(
      checkout.data,
      "backend",
      ".pulumi",
      "locks",
      "organization",
      "turnkey",
      STACK,
    );
    mkdirSync(locks, { recursive: true });
    const timestamp = "2026-01-02T03:04:05.6Z";
    writeFileSync(
      join(locks, "1.json"),
      JSON.stringify({ pid: 4_194_303, username: "root", hostname: hostname(), timestamp }),
    );
    await until(
      async () =>
        look(await engine.json("GET", `/containers/${container("livekit")}/json`))
          .at("State")
          .flag("Restarting"),
      10_000,
    );

    const before = readFileSync(stateFile(), "utf8");
    try {
      const { ok, wrong } = await doctor();
      expect(ok).toBe(false);
      const told = wrong.map(({ check, level, text }) => `${level} ${check}: ${text}`);
      const holder = `(pid ${process.pid})`;
      for (const expected of [
        `problem containers: ${container("api")} does not run: it is exited`,
        `problem containers: ${container("livekit")} ends again and again`,
        `problem ports: ${API_PORT}/tcp (api): held by `,
        `problem ports: ${TURN_PORT}/udp (turn-udp): held by `,
        `problem logs: livekit: something else listens on 127.0.0.1:${TURN_PORT}`,
        "problem certificate: the key of the local CA may be read by others (mode 644)",
        "problem state: the stack is locked by process 4194303, which ended",
      ])
        expect(told).toContainEqual(expect.stringContaining(expected));
      for (const port of [API_PORT, TURN_PORT])
        expect(told).toContainEqual(
          expect.stringMatching(
            new RegExp(`^problem ports: ${port}/.*${holder.replaceAll(/[()]/g, "\\$&")}`),
          ),
        );
      for (const { mend } of wrong) expect(mend).toBeTruthy();
      expect(wrong.find(({ text }) => text.startsWith(`${API_PORT}/tcp`))?.mend).toContain(
        `Pulumi.${STACK}.yaml: api.port`,
      );
      expect(readFileSync(stateFile(), "utf8")).toBe(before);
      expect(readdirSync(locks)).toEqual(["1.json"]);
    } finally {
      squatter.close();
      udp.close();
    }
  },
  2 * MINUTES,
);

const isStarting = ({ text }: { readonly text: string }) => text.endsWith(" is starting");

test(
  "npm run up mends what the doctor said it would, and the doctor finds it mended",
  async () => {
    chmodSync(join(checkout.data, "local-ca.pem"), 0o600);
    await deploy();
    const { ok, wrong } = await until(async () => {
      const told = await doctor();
      return told.wrong.some(isStarting) ? undefined : told;
    }, 60_000);
    // That it restarted stays worth a warning for an hour.
    const news = wrong.filter(({ text }) => !text.includes("restarted"));
    expect({ ok, news }).toEqual({ ok: true, news: [] });
  },
  2 * MINUTES,
);

test(
  "a deployed address that this machine has lost, and a damaged state, are named",
  async () => {
    const state = readFileSync(stateFile(), "utf8");
    const moved = state.replaceAll(/"nodeAddress": ?"127\.0\.0\.1"/g, '"nodeAddress":"192.0.2.77"');
    expect(moved).not.toBe(state);
    try {
      writeFileSync(stateFile(), moved);
      const lost = await doctor();
      expect(lost.wrong).toContainEqual(
        expect.objectContaining({
          check: "address",
          level: "problem",
          text: expect.stringContaining(
            "deployed for 192.0.2.77, and this machine has that address no more",
          ),
          mend: expect.stringContaining(`npm run up -- --stack ${STACK}`),
        }),
      );
      writeFileSync(stateFile(), state.slice(0, 1_000));
      const damaged = await doctor();
      expect(damaged.wrong).toContainEqual(
        expect.objectContaining({
          check: "state",
          level: "problem",
          text: expect.stringContaining("is damaged"),
        }),
      );
    } finally {
      writeFileSync(stateFile(), state);
    }
  },
  2 * MINUTES,
);
