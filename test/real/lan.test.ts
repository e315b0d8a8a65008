/** A stack that serves a LAN: a phone in a network namespace of its own is the only other machine there. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { objectKinds, objectsByLabel } from "../../machine/engineObjects.ts";
import { makeCheckout, type Checkout, type Ran } from "../support/checkout.ts";
import { inNamespace, ip } from "../support/networkTools.ts";
import { PhoneReport, type PhoneTask } from "../support/phone.ts";
import { outcome, outputsOf, said, success } from "../support/stack.ts";

const STACK = "lan";
const MINUTES = 60_000;
const STACK_FILE = `config:
  turnkey:target: docker
  turnkey:livekit: { port: 26880, metricsPort: 26789 }
  turnkey:rtc: { tcpPort: 26881, mediaPorts: { from: 26100, to: 26140 } }
  turnkey:turn: { udpPort: 26080, tlsPort: 26349 }
  turnkey:edge: { httpsPort: 26443, turnPort: 26350, metricsPort: 26404 }
  turnkey:api: { port: 26890, metricsPort: 26891 }
`;

const id = randomBytes(3).toString("hex");
const phone = { namespace: `turnkey-phone-${id}`, link: `tkp${id}`, address: "10.77.26.2" };
const host = { link: `tkh${id}`, address: "10.77.26.1", later: "10.77.26.9" };

const engine = connectEngine();
let checkout: Checkout;
let firstUp: Ran;
let outputs: Awaited<ReturnType<typeof outputsOf>>;

const up = (...options: string[]) => checkout.run("up", "--stack", STACK, "--yes", ...options);
const choiceFile = () => join(checkout.data, "lan", `${STACK}.json`);

/** What the phone meets at the stack, with a user's token. */
async function callFromPhone(task: Partial<PhoneTask> = {}): Promise<PhoneReport> {
  const token = await checkout.run("token", "--stack", STACK, "--user", "alice");
  const whole: PhoneTask = {
    address: phone.address,
    origin: outputs.edgeUrl ?? "",
    ca: outputs.caCertificate,
    token: token.stdout.trim(),
    forbidden: [],
    closed: [],
    ...task,
  };
  const program = join(import.meta.dirname, "..", "support", "phoneMain.ts");
  const reported = await inNamespace(
    phone.namespace,
    process.execPath,
    "--disable-warning=ExperimentalWarning",
    program,
    JSON.stringify(whole),
  );
  return PhoneReport.parse(JSON.parse(reported));
}

/** What plain Pulumi says, with what `npm run env` prints. */
async function pulumi(...args: string[]): Promise<Ran> {
  const { stdout } = await checkout.run("env");
  const lines = stdout.matchAll(/^export ([A-Z_]+)='?([^'\n]*)'?$/gm);
  const env = Object.fromEntries([...lines].map(([, key = "", value = ""]) => [key, value]));
  return checkout.exec("npx", ["pulumi", ...args, "--stack", STACK, "--non-interactive"], env);
}

beforeAll(async () => {
  await ip("netns", "add", phone.namespace);
  await ip("link", "add", host.link, "type", "veth", "peer", "name", phone.link);
  await ip("link", "set", phone.link, "netns", phone.namespace);
  await ip("address", "add", `${host.address}/24`, "dev", host.link);
  await ip("link", "set", host.link, "up");
  await ip("-n", phone.namespace, "address", "add", `${phone.address}/24`, "dev", phone.link);
  await ip("-n", phone.namespace, "link", "set", phone.link, "up");
  checkout = makeCheckout();
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
  firstUp = await up(`--lan=${host.address}`);
  if (firstUp.code === 0) outputs = await outputsOf(checkout, STACK);
}, 15 * MINUTES);

afterAll(async () => {
  // Its end of the link goes with it, and the other end with that.
  await ip("netns", "delete", phone.namespace);
  await checkout.run("down", "--stack", STACK, "--yes");
  checkout.remove();
}, 3 * MINUTES);

test("up --lan deploys and proves the stack on that address, and tells how a phone gets there", () => {
  expect(outcome(firstUp)).toEqual(success);
  expect(outputs).toMatchObject({
    nodeAddress: host.address,
    edgeUrl: "https://10.77.26.1:26443",
    apiUrl: "https://10.77.26.1:26443",
    livekitUrl: "wss://10.77.26.1:26443",
  });
  expect(firstUp.stdout).toContain("https://10.77.26.1:26443/demo");
  expect(firstUp.stdout).toContain("https://10.77.26.1:26443/ca.crt");
  // For pipes and logs there is no drawing.
  expect(firstUp.stdout).not.toContain("█");
});

test(
  "a phone gets the CA, a credential and relays over UDP and TLS that reach its own network and no other",
  async () => {
    const forbidden = ["10.77.27.2", "192.168.1.1", "127.0.0.1", "169.254.169.254"];
    // Signalling, API and metrics listen for the edge and for the node alone.
    const closed = [26880, 26890, 26789, 26404].map((port) => `${host.address}:${port}`);
    const { health, ca, relays, closed: met } = await callFromPhone({ forbidden, closed });
    expect(health).toBe(200);
    expect(ca).toBe(outputs.caCertificate);
    const refused = Object.fromEntries(forbidden.map((it) => [it, 403]));
    expect(relays).toEqual({
      "turn:10.77.26.1:26080?transport=udp": { relay: host.address, forbidden: refused },
      "turns:10.77.26.1:26443?transport=tcp": { relay: host.address, forbidden: refused },
      "turns:10.77.26.1:26349?transport=tcp": { relay: host.address, forbidden: refused },
    });
    expect(met).toEqual(Object.fromEntries(closed.map((it) => [it, "ECONNREFUSED"])));
  },
  3 * MINUTES,
);

test(
  "a bare pulumi preview keeps the choice and finds nothing to change",
  async () => {
    expect(outcome(await pulumi("preview", "--expect-no-changes"))).toEqual(success);
  },
  3 * MINUTES,
);

test(
  "after the machine's address changed, up says which there are and moves the stack when told to",
  async () => {
    await ip("address", "delete", `${host.address}/24`, "dev", host.link);
    await ip("address", "add", `${host.later}/24`, "dev", host.link);
    const lost = await up();
    expect(lost.code).toBe(1);
    expect(said(lost)).toContain(`${host.address}, is not one of this machine`);
    expect(said(lost)).toContain(`${host.later} (${host.link})`);

    expect(outcome(await up(`--lan=${host.later}`, "--no-verify"))).toEqual(success);
    outputs = await outputsOf(checkout, STACK);
    const { health, relays } = await callFromPhone();
    expect(outputs.edgeUrl).toBe("https://10.77.26.9:26443");
    expect(health).toBe(200);
    expect(Object.values(relays).map((it) => it.relay)).toEqual(Array(3).fill(host.later));
  },
  5 * MINUTES,
);

test(
  "down leaves nothing of the stack, but the choice for the next up",
  async () => {
    expect(outcome(await checkout.run("down", "--stack", STACK, "--yes"))).toEqual(success);
    for (const kind of objectKinds)
      expect(await objectsByLabel(engine, kind, `dev.turnkey.stack=${STACK}`)).toEqual([]);
    expect(JSON.parse(readFileSync(choiceFile(), "utf8"))).toEqual({ address: host.later });
  },
  3 * MINUTES,
);

test(
  "up --no-lan deploys it on the machine's loopback, and forgets the choice",
  async () => {
    expect(outcome(await up("--no-lan", "--no-verify"))).toEqual(success);
    expect(await outputsOf(checkout, STACK)).toMatchObject({ nodeAddress: "127.0.0.1" });
    expect(existsSync(choiceFile())).toBe(false);
  },
  5 * MINUTES,
);
