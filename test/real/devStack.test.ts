/** The stack a laptop runs, end to end: real CLI, real Docker Engine, real relay. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import * as z from "zod";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { objectKinds, objectsByLabel } from "../../machine/engineObjects.ts";
import { look } from "../../machine/look.ts";
import { StackOutputs } from "../../turn/outputs.ts";
import { makeCheckout, type Checkout, type Ran } from "../support/checkout.ts";
import { imageLayers, secretsOf, watchArguments } from "../support/secrets.ts";
import { outputsOf, said } from "../support/stack.ts";
import { until } from "../support/until.ts";

const STACK = "e2e";
const LABEL = `dev.turnkey.stack=${STACK}`;
const MINUTES = 60_000;

/** Ports of its own, so that a developer's stack may run beside it; 80 needs the capability that 443 needs. */
const STACK_FILE = `config:
  turnkey:target: docker
  turnkey:livekit: { port: 17880, metricsPort: 16789 }
  turnkey:rtc: { tcpPort: 17881, mediaPorts: { from: 51100, to: 51200 } }
  turnkey:turn: { udpPort: 80, tlsPort: 15349, relayPorts: { from: 51100, to: 51200 } }
  turnkey:edge: { httpsPort: 17443, turnPort: 15350, metricsPort: 18404 }
  turnkey:api: { port: 17890, metricsPort: 17891 }
`;

const Verified = z.strictObject({
  ok: z.boolean(),
  legs: z.array(
    z.strictObject({
      name: z.string(),
      url: z.string(),
      ok: z.boolean(),
      result: z.enum(["ok", "failed", "n/a"]),
      ms: z.number(),
      cause: z.string().optional(),
      na: z.string().optional(),
    }),
  ),
});

const engine = connectEngine();
let checkout: Checkout;
let before: Record<string, string>;
let firstUp: Ran;
let argumentsSeen: string;

const containers = () => objectsByLabel(engine, "container", LABEL);

const services = ["api", "edge", "livekit"].map((name) => `turnkey-${STACK}-${name}`);

/** When each container was started, by name: the same as before when an update touched nothing. */
async function startTimes(): Promise<Record<string, string>> {
  const all = await containers();
  const times = all.map(async ({ id, name }) => {
    const it = look(await engine.json("GET", `/containers/${id}/json`));
    return [name, `${id} ${it.text("State", "StartedAt")}`] as const;
  });
  return Object.fromEntries(await Promise.all(times));
}

const verified = (ran: Ran) => Verified.parse(JSON.parse(ran.stdout));

beforeAll(async () => {
  checkout = makeCheckout();
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
  before = checkout.fingerprint();
  const watch = watchArguments();
  firstUp = await checkout.run("up", "--stack", STACK, "--yes");
  argumentsSeen = watch.stop();
}, 15 * MINUTES);

afterAll(async () => {
  await checkout.run("down", "--stack", STACK, "--yes");
  checkout.remove();
}, 3 * MINUTES);

describe("npm run up", () => {
  test("deploys, proves the relay and says what to do next", () => {
    expect({ code: firstUp.code, said: firstUp.code === 0 ? "" : said(firstUp) }).toEqual({
      code: 0,
      said: "",
    });
    expect(firstUp.stdout).toContain("http://127.0.0.1:17890");
    expect(firstUp.stdout).toContain("turns:127.0.0.1:15349?transport=tcp");
    expect(firstUp.stdout).toMatch(/npm run -s env/);
  });

  test("runs one container for each service, healthy", async () => {
    const states = (await containers()).map(async ({ id, name }) => {
      const it = look(await engine.json("GET", `/containers/${id}/json`));
      return [name, it.text("State", "Status"), it.text("State", "Health", "Status")];
    });
    // The others carry the services' files and are never started.
    const running = (await Promise.all(states)).filter(([, status]) => status !== "created");
    expect(new Set(running)).toEqual(new Set(services.map((name) => [name, "running", "healthy"])));
  });

  test("leaves no tracked file changed", () => {
    expect(checkout.fingerprint()).toEqual(before);
  });

  test(
    "changes nothing the second time",
    async () => {
      const running = await startTimes();
      const again = await checkout.run("up", "--stack", STACK, "--yes");
      expect(again.code).toBe(0);
      expect(again.stdout).toMatch(/\d+ unchanged/);
      expect(again.stdout).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
      expect(await startTimes()).toEqual(running);
    },
    3 * MINUTES,
  );
});

describe("npm run verify", () => {
  test(
    "passes every leg, over every advertised URL",
    async () => {
      const ran = await checkout.run("verify", "--stack", STACK, "--json");
      const { ok, legs } = verified(ran);
      expect(legs.filter((it) => !it.ok)).toEqual([]);
      expect({ ok, code: ran.code }).toEqual({ ok: true, code: 0 });
      const urls = new Set(legs.map((it) => it.url));
      for (const url of [
        "stun:127.0.0.1:80",
        "turn:127.0.0.1:80?transport=udp",
        "turns:127.0.0.1:17443?transport=tcp",
        "turns:127.0.0.1:15349?transport=tcp",
      ])
        expect([...urls].join(" ")).toContain(url);
    },
    MINUTES,
  );
});

test(
  "the edge tells the API who asks and by which id both log it, whatever the request says of itself",
  async () => {
    const { edgeUrl = "", caCertificate } = await outputsOf(checkout, STACK);
    const forged = "203.0.113.7";
    const headers = {
      "X-Forwarded-For": forged,
      "X-Real-IP": forged,
      "CF-Connecting-IP": forged,
      Forwarded: `for=${forged}`,
      "X-Request-Id": "chosen-by-the-client",
    };
    const asked = request(`${edgeUrl}/api/forged-headers`, { ca: caCertificate, headers });
    asked.end();
    const [answer]: { headers: Record<string, string | undefined> }[] = await once(
      asked,
      "response",
    );
    const id = answer?.headers["x-request-id"] ?? "none";
    expect(id).toMatch(/^[\da-f]{8}-/);
    for (const service of ["api", "edge"]) {
      const line = await until(async () => {
        const { stdout } = await checkout.run("logs", "--stack", STACK, service);
        return stdout.split("\n").find((it) => it.includes("/api/forged-headers"));
      }, 20_000);
      expect(line).toContain("127.0.0.1");
      expect(line).toContain(id);
      expect(line).not.toContain(forged);
    }
  },
  MINUTES,
);

/** What a shell knows after `eval "$(npm run -s env)"`. */
const exported = async () => {
  const { stdout } = await checkout.run("env");
  const lines = stdout.matchAll(/^export ([A-Z_]+)='?([^'\n]*)'?$/gm);
  return Object.fromEntries([...lines].map(([, key = "", value = ""]) => [key, value]));
};

describe("plain Pulumi", () => {
  test(
    "works with what npm run env prints",
    async () => {
      const env = await exported();
      // PULUMI_HOME joins them where HOME is not the account's own.
      const names = Object.keys(env).filter((it) => it !== "PULUMI_HOME");
      expect(names.toSorted()).toEqual(["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE"]);
      const args = ["pulumi", "stack", "output", "--json", "--show-secrets", "--stack", STACK];
      const shown = await checkout.exec("npx", args, env);
      expect({ code: shown.code, stderr: shown.stderr }).toMatchObject({ code: 0 });
      const outputs = StackOutputs.parse(JSON.parse(shown.stdout));
      expect(outputs.containers).toEqual({
        livekit: `turnkey-${STACK}-livekit`,
        api: `turnkey-${STACK}-api`,
        edge: `turnkey-${STACK}-edge`,
      });
    },
    MINUTES,
  );

  test(
    "sees a deployed stack as unchanged",
    async () => {
      const args = [
        "pulumi",
        "preview",
        "--stack",
        STACK,
        "--expect-no-changes",
        "--non-interactive",
      ];
      const { code, stdout, stderr } = await checkout.exec("npx", args, await exported());
      expect({ code, said: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, said: "" });
    },
    MINUTES,
  );
});

test(
  "no secret is in the plain state, a preview, logs, process arguments, containers or image layers",
  async () => {
    const passphraseFile = (await exported())["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "";
    const secrets = await secretsOf({ engine, checkout, stack: STACK, passphraseFile });
    const state = await checkout.exec("sh", [
      "-c",
      `cat ${checkout.data}/*/.pulumi/stacks/*/*.json ${checkout.data}/*/.pulumi/history/*/*/*.json`,
    ]);
    const inspected = await Promise.all(
      (await containers()).map(({ id }) => engine.json("GET", `/containers/${id}/json`)),
    );
    const places = {
      state: state.stdout,
      preview: said(await checkout.run("preview", "--stack", STACK, "--", "--diff")),
      logs: said(await checkout.run("logs", "--stack", STACK)),
      up: said(firstUp),
      "process arguments": argumentsSeen,
      containers: JSON.stringify(inspected),
      "image layers": await imageLayers(engine, await containers()),
    };
    // Each place was really looked at: it holds what is no secret.
    expect(places.state).toContain("turnkey:index:DockerHost");
    expect(places.logs).toContain("starting LiveKit server");
    // Room tokens travel in the query of a URL, which nobody may write down.
    expect(places.logs).toMatch(/\/rtc/);
    expect(places.logs).not.toMatch(/eyJ[\w-]+\.eyJ/);
    expect(places["process arguments"]).toContain("--config /etc/livekit/livekit.yaml");
    expect(places["image layers"]).toContain("livekit-server");
    for (const [name, secret] of Object.entries(secrets)) {
      expect({ name, long: secret.length >= 20 }).toEqual({ name, long: true });
      for (const [place, text] of Object.entries(places))
        expect({ name, place, found: text.includes(secret) }).toEqual({
          name,
          place,
          found: false,
        });
    }
  },
  2 * MINUTES,
);

test(
  "a stopped LiveKit is named by verify as the cause, and the next up mends it",
  async () => {
    const livekit = (await containers()).find((it) => it.name.endsWith("-livekit"));
    await engine.json("POST", `/containers/${livekit?.id}/stop?t=2`);
    const failed = await checkout.run("verify", "--stack", STACK, "--json");
    const { ok, legs } = verified(failed);
    expect({ ok, code: failed.code }).toEqual({ ok: false, code: 1 });
    const turn = legs.filter((it) => !it.ok && it.url.startsWith("turn:"));
    expect(turn.length).toBeGreaterThan(0);
    expect(turn.map((it) => it.cause).join()).toMatch(/LiveKit is not running/);

    const mended = await checkout.run("up", "--stack", STACK, "--yes");
    expect({ code: mended.code, said: mended.code === 0 ? "" : said(mended) }).toEqual({
      code: 0,
      said: "",
    });
  },
  3 * MINUTES,
);

test(
  "npm run down leaves no container, network, volume or stack state, and no tracked file changed",
  async () => {
    // Plain Pulumi wrote its salt there, for which the passphrase would be kept.
    writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
    const down = await checkout.run("down", "--stack", STACK, "--yes");
    expect({ code: down.code, said: down.code === 0 ? "" : said(down) }).toEqual({
      code: 0,
      said: "",
    });
    for (const kind of objectKinds) expect(await objectsByLabel(engine, kind, LABEL)).toEqual([]);
    expect(readdirSync(checkout.data).toSorted()).toEqual(["local-ca.crt", "local-ca.pem"]);
    expect(checkout.fingerprint()).toEqual(before);
    expect(existsSync(join(checkout.folder, `Pulumi.${STACK}.yaml`))).toBe(true);
  },
  2 * MINUTES,
);
