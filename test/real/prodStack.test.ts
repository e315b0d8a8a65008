/** Production with the real engine, in a cloud that only records: what is made when, and what happens to calls. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { recordedAws } from "../../registry-only/aws/awsProvider.ts";
import { interruptions } from "../support/interruption.ts";
import { type Checkout, makeCheckout } from "../support/checkout.ts";
import {
  type Answer,
  applied,
  applying,
  notReadyWith,
  readyNode,
  type ReadyNode,
  readyWith,
  refused as refusedDocument,
} from "../support/readyNode.ts";
import { outcome, outputsOf, said, success } from "../support/stack.ts";
import { until } from "../support/until.ts";

const STACK = "recorded";
const HTTPS_PORT = 43_443;
const MINUTES = 60_000;

/** Settings that a test changes: of the node's surroundings, and whole groups. */
interface Changes {
  readonly aws?: string;
  readonly groups?: readonly string[];
}

const settings = ({ aws = "", groups = [] }: Changes = {}) => `config:
  turnkey:target: aws
  turnkey:aws: { region: eu-central-1, readyWithinSeconds: 60${aws} }
${groups.map((it) => `  turnkey:${it}\n`).join("")}  turnkey:edge: { httpsPort: 43443 }
  turnkey:api: { metricsPort: 43891, signIn: { kind: jwks, url: "https://id.example.com/jwks", issuer: "https://id.example.com", audience: calls } }
`;

/** Another image for the node. */
const NEWER = ", ami: ami-0bbbbbbbbbbbbbbbb";

const INSTANCE = "aws:ec2/instance:Instance";
const ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";
const DOCUMENT = "aws:s3/bucketObjectv2:BucketObjectv2";

const killed = found(interruptions.find(({ by }) => by === "SIGKILL of everything"));

const Line = z.object({
  at: z.string(),
  operation: z.string(),
  token: z.string(),
  name: z.string().optional(),
  id: z.string().optional(),
});
type Line = z.infer<typeof Line>;

const cloud = mkdtempSync(join(tmpdir(), "turnkey-recorded-"));
const environment = { [recordedAws]: cloud, CI: "true" };
let checkout: Checkout;
/** The nodes that boot, by the address that the recorded cloud gives each. */
let nodes: readonly ReadyNode[];
/** Whoever has the stack's address. */
let atAddress: ReadyNode;

/** Version of the document that the cloud has. */
function stored(): string {
  const folder = join(cloud, "cloud");
  const file = readdirSync(folder).find((it) => it.startsWith(encodeURIComponent(DOCUMENT)));
  const text = readFileSync(join(folder, found(file)), "utf8");
  return z.object({ state: z.object({ versionId: z.string() }) }).parse(JSON.parse(text)).state
    .versionId;
}

const ready: Answer = (...it) => readyWith(applied(stored()))(...it);
const notReady: Answer = (...it) => notReadyWith(applying(stored()))(...it);
let answer = ready;
let answerAtAddress = ready;

beforeAll(async () => {
  checkout = makeCheckout();
  write();
  atAddress = await readyNode((...it) => answerAtAddress(...it), {
    host: "127.78.0.1",
    port: HTTPS_PORT,
  });
  nodes = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((last) =>
      readyNode((response, index) => answer(response, index), {
        host: `127.77.0.${last}`,
        port: HTTPS_PORT,
      }),
    ),
  );
}, MINUTES);

afterAll(async () => {
  await Promise.all([atAddress, ...nodes].map((it) => it.close()));
  checkout.remove();
  rmSync(cloud, { recursive: true });
});

const write = (changes?: Changes) =>
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), settings(changes));

const npm = (
  command: string,
  options: readonly string[] = [],
  env: Record<string, string> = environment,
) =>
  checkout.exec(
    process.execPath,
    [join("scripts", "bootstrap.mjs"), command, "--stack", STACK, ...options],
    env,
  );

const up = () => npm("up", ["--yes", "--local-state", "--no-verify"]);

/** What the cloud was told to change, but for the first so many. */
function told(from = 0): Line[] {
  const file = join(cloud, "log.jsonl");
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  // A refresh only reads.
  return lines
    .map((it) => Line.parse(JSON.parse(it)))
    .filter(({ operation }) => operation !== "read")
    .slice(from);
}

const at = (lines: readonly Line[], operation: Line["operation"], token: string) => {
  const index = lines.findIndex((it) => it.operation === operation && it.token === token);
  if (index < 0) throw new Error(`nothing says ${operation} ${token}`);
  return index;
};

const brief = (lines: readonly Line[]) =>
  lines.map((it) => `${it.operation} ${it.token.split(":")[2]}`);

function found<T>(it: T | undefined): T {
  if (it === undefined) throw new Error("it is not there");
  return it;
}

test(
  "without a cloud that records, a preview shows everything and an update makes nothing",
  async () => {
    const { [recordedAws]: _, ...without } = environment;
    const shown = await npm("preview", [], without);
    expect(outcome(shown)).toEqual(success);
    expect(said(shown)).toMatch(/\+ \d\d to create/);
    const refused = await npm("up", ["--yes", "--local-state", "--no-verify"], without);
    expect(refused.code).not.toBe(0);
    expect(said(refused)).toMatch(/deploy from a machine that can download the official plugin/);
  },
  4 * MINUTES,
);

test(
  "the policies pass, and tell each exception",
  async () => {
    const judged = await npm("policy");
    expect(outcome(judged)).toEqual(success);
    expect(said(judged)).toContain("exception boot-address to public-address-by-elastic-ip");
  },
  2 * MINUTES,
);

test(
  "so they do for the dev stack",
  async () => {
    const dev = await checkout.run("policy", "--stack", "dev");
    expect(outcome(dev)).toEqual(success);
    expect(said(dev)).toContain("exception root-for-low-ports to container-user");
  },
  2 * MINUTES,
);

test(
  "a mistake that a policy knows stops the update before anything is made",
  async () => {
    const before = told().length;
    write({ groups: ['livekit: { version: "1.13.9" }'] });
    const refused = await up();
    write();
    expect(refused.code).not.toBe(0);
    expect(said(refused)).toContain("turn-minimum-versions");
    expect(told().length).toBe(before);
  },
  2 * MINUTES,
);

test(
  "first the node's things, then the node, and its address once it is ready",
  async () => {
    answer = (response, index) => (index < 2 ? notReady : ready)(response, index);
    expect(outcome(await up())).toEqual(success);
    const lines = told();
    const instance = at(lines, "create", INSTANCE);
    const before = lines.slice(0, instance).map((it) => it.name);
    expect(before).toEqual(
      expect.arrayContaining([
        "host-documents-document",
        "host-secrets-livekitKeys",
        "host-role-policy",
        "host-role-key-policy",
        "host-firewall-in-media",
        "host-network-internet",
      ]),
    );
    const association = at(lines, "create", ASSOCIATION);
    expect(association).toBeGreaterThan(instance);
    const alarms = lines.filter((it) => it.token === "aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(Math.min(...alarms.map((it) => lines.indexOf(it)))).toBeGreaterThan(association);
    // Twice not ready, then ready; nobody asked another.
    expect(nodes.map((it) => it.asked.length)).toEqual([3, 0, 0, 0, 0, 0]);
    expect(new Set(nodes[0]?.asked)).toEqual(new Set(["GET /readyz?without=address"]));
    expect(atAddress.asked).toHaveLength(1);
    expect((await outputsOf(checkout, STACK)).cloud?.documentVersion).toBe(stored());
  },
  4 * MINUTES,
);

test(
  "no secret is in the clear in the state, the records or what is printed",
  async () => {
    const { roomKey, turnKey, verifierKey } = await outputsOf(checkout, STACK);
    const shown = said(await npm("outputs", ["--json"]));
    const record = readFileSync(join(cloud, "log.jsonl"), "utf8");
    for (const secret of [roomKey.secret, turnKey.secret, verifierKey]) {
      for (const text of [shown, record]) expect(text).not.toContain(secret);
      // oxlint-disable-next-line no-await-in-loop -- three, one after the other
      const holding = await checkout.exec("grep", ["-rlF", secret, checkout.data]);
      expect([holding.code, holding.stdout]).toEqual([1, ""]);
    }
  },
  MINUTES,
);

test(
  "a second update changes nothing",
  async () => {
    const before = told().length;
    const again = await up();
    expect(outcome(again)).toEqual(success);
    expect(brief(told(before))).toEqual([]);
    expect(atAddress.asked).toHaveLength(1);
  },
  2 * MINUTES,
);

test(
  "a new setting reaches the node as another version of its document, and the update fails until the node runs it",
  async () => {
    const before = told().length;
    const runs = stored();
    write({ groups: ["turn: { credentialTtlSeconds: 600 }"] });
    answerAtAddress = (...it) => readyWith(refusedDocument(stored(), runs))(...it);
    const failed = await up();
    expect(failed.code).not.toBe(0);
    expect(said(failed)).toContain(
      `it refused version ${stored()} of its document, and runs ${runs}`,
    );
    expect(said(failed)).toContain("sudo cat /run/turnkey/status.json");
    // What runs there has been mended meanwhile, and nothing else has changed.
    answerAtAddress = ready;
    const asked = atAddress.asked.length;
    expect(outcome(await up())).toEqual(success);
    expect(atAddress.asked).toHaveLength(asked + 1);
    expect(brief(told(before))).toEqual(["update BucketObjectv2"]);
    write();
    expect(outcome(await up())).toEqual(success);
  },
  4 * MINUTES,
);

test(
  "a new node that is not ready leaves the old one with the address, and the next update goes on",
  async () => {
    const before = told().length;
    answer = notReady;
    write({ aws: NEWER });
    const failed = await up();
    expect(failed.code).not.toBe(0);
    expect(said(failed)).toContain("THE INSTANCE IS REPLACED");
    expect(said(failed)).toMatch(/was not ready within 60 s[^]*LiveKit cannot be reached/);
    expect(brief(told(before))).toEqual(["create Instance"]);
    answer = ready;
    expect(outcome(await up())).toEqual(success);
    const lines = told(before);
    expect(lines.filter((it) => it.operation === "create" && it.token === INSTANCE)).toHaveLength(
      1,
    );
    const moved = at(lines, "create", ASSOCIATION);
    expect(at(lines, "delete", INSTANCE)).toBeGreaterThan(moved);
  },
  6 * MINUTES,
);

test(
  "an update that is killed is taken up by the next, and nothing is left over",
  async () => {
    const before = told().length;
    writeFileSync(
      join(cloud, "faults.json"),
      JSON.stringify([
        { operation: "create", token: "aws:cloudwatch/dashboard:Dashboard", delayMs: 120_000 },
      ]),
    );
    write({ aws: `${NEWER}, dashboard: true` });
    const child = checkout.start(
      ["up", "--stack", STACK, "--yes", "--local-state", "--no-verify"],
      environment,
    );
    await until(() => brief(told(before)).includes("create Dashboard"), 2 * MINUTES);
    await killed.interrupt(child);
    rmSync(join(cloud, "faults.json"));
    expect(outcome(await up())).toEqual(success);
    const dashboards = told(before).filter((it) => it.token.endsWith(":Dashboard"));
    expect(dashboards.filter((it) => it.operation === "create").length).toBeGreaterThan(0);
    const again = told().length;
    expect(outcome(await up())).toEqual(success);
    expect(brief(told(again))).toEqual([]);
  },
  6 * MINUTES,
);

test(
  "what is protected goes only when the stack is named; then nothing is left",
  async () => {
    const before = told().length;
    const refused = await npm("down", ["--yes"]);
    expect(refused.code).not.toBe(0);
    expect(said(refused)).toContain("host-address-eip");
    expect(told(before)).toEqual([]);
    expect(outcome(await npm("down", ["--yes", `--unprotect=${STACK}`]))).toEqual(success);
    const lines = told();
    const alive = new Set<string>();
    for (const { operation, token, id } of lines) {
      if (operation === "create") alive.add(`${token} ${id}`);
      if (operation === "delete") alive.delete(`${token} ${id}`);
    }
    expect([...alive]).toEqual([]);
  },
  4 * MINUTES,
);
