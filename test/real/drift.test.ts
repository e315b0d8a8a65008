/** What is changed behind Pulumi's back, found by a preview and mended by the next update. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { connectEngine, withQuery } from "../../machine/dockerEngine.ts";
import { objectsByLabel } from "../../machine/engineObjects.ts";
import { look } from "../../machine/look.ts";
import { tarArchive } from "../../machine/tar.ts";
import { makeCheckout, type Checkout, type Ran } from "../support/checkout.ts";
import { essence, inspect, remake } from "../support/containers.ts";

const STACK = "drift";
const NETWORK = `turnkey-${STACK}`;
const LABEL = `dev.turnkey.stack=${STACK}`;
const MINUTES = 60_000;
const livekit = `${NETWORK}-livekit`;
const api = `${NETWORK}-api`;
const edge = `${NETWORK}-edge`;

/** Ports of its own, so that other stacks may run beside it; on a bridge, where there is a network to drift. */
const STACK_FILE = `config:
  turnkey:target: docker
  turnkey:docker: { network: bridge }
  turnkey:livekit: { port: 23880, metricsPort: 23789 }
  turnkey:rtc: { tcpPort: 23881, mediaPorts: { from: 23100, to: 23103 } }
  turnkey:turn: { udpPort: 23443, tlsPort: 23349 }
  turnkey:edge: { httpsPort: 23444, turnPort: 23350, metricsPort: 23404 }
  turnkey:api: { port: 23890, metricsPort: 23891 }
`;

const engine = connectEngine();
let checkout: Checkout;
let deployed: unknown;

const ok = ({ code, stdout, stderr }: Ran) =>
  expect({ code, said: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, said: "" });

async function up(): Promise<void> {
  ok(await checkout.run("up", "--stack", STACK, "--yes", "--no-verify"));
}

const Preview = z.object({
  steps: z.array(
    z.object({ op: z.string(), urn: z.string(), diffReasons: z.array(z.string()).nullish() }),
  ),
});

/** What a preview would change: by resource, the properties that differ, or `create` for what is gone. */
async function previewed(): Promise<Record<string, readonly string[]>> {
  const ran = await checkout.run("preview", "--stack", STACK, "--", "--json");
  ok(ran);
  const { steps } = Preview.parse(JSON.parse(ran.stdout));
  return Object.fromEntries(
    steps
      .filter(({ op }) => !["same", "refresh", "read"].includes(op))
      .map(({ op, urn, diffReasons }) => [
        urn.split("::").at(-1) ?? urn,
        op === "create" ? [op] : (diffReasons ?? []),
      ]),
  );
}

/** Every container of the stack as it was meant to be: what an update must come back to. */
async function state(): Promise<unknown> {
  const containers = await objectsByLabel(engine, "container", LABEL);
  const entries = containers.map(async ({ name }) => [name, await essence(engine, name)] as const);
  return Object.fromEntries((await Promise.all(entries)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const post = (path: string, body?: unknown) => engine.json("POST", path, body);
const remove = (container: string) =>
  engine.json("DELETE", withQuery(`/containers/${container}`, { force: true }));
const leave = (container: string) =>
  post(`/networks/${NETWORK}/disconnect`, { Container: container, Force: true });
/** Takes every container off the network, and removes it. */
async function removeNetwork(): Promise<void> {
  await Promise.all([livekit, api, edge].map(leave));
  await engine.json("DELETE", `/networks/${NETWORK}`);
}

/** Loses a resource from the state, as a state put back from a backup does. */
async function forget(resource: string): Promise<void> {
  const { stdout } = await checkout.run("env");
  const lines = stdout.matchAll(/^export ([A-Z_]+)='?([^'\n]*)'?$/gm);
  const env = Object.fromEntries([...lines].map(([, key = "", value = ""]) => [key, value]));
  const pulumi = async (...args: string[]) => {
    const ran = await checkout.exec("pulumi", [...args, "--stack", STACK], env);
    ok(ran);
    return ran.stdout;
  };
  const file = join(checkout.data, "state.json");
  const isIt = (it: unknown) => typeof it === "string" && it.endsWith(`::${resource}`);
  const without = (_key: string, value: unknown) =>
    Array.isArray(value)
      ? value.filter((it: unknown) => !isIt(it) && !isIt(look(it).text("urn")))
      : value;
  const lost: unknown = JSON.parse(await pulumi("stack", "export"), without);
  writeFileSync(file, JSON.stringify(lost));
  await pulumi("stack", "import", "--file", file);
  rmSync(file);
}

/** Overwrites a file in a volume, through the container that carried it there. */
async function overwrite(container: string, folder: string, path: string): Promise<void> {
  const body = tarArchive([{ path, content: Buffer.from("tampered"), mode: 0o440 }], new Date());
  const url = withQuery(`/containers/${container}/archive`, { path: folder });
  const answer = await engine.raw("PUT", url, { body, contentType: "application/x-tar" });
  await answer.toArray();
}

async function readFile(container: string, path: string): Promise<string> {
  const url = withQuery(`/containers/${container}/archive`, { path });
  return Buffer.concat(await (await engine.raw("GET", url)).toArray()).toString();
}

/** Things that happen to a stack: what is done, and the resource and property by which a preview tells of it. */
interface Drift {
  readonly what: string;
  readonly happens: () => Promise<unknown>;
  readonly resource: string;
  readonly shows: string;
}

/** Every round is one preview and one update, for things that do not touch the same containers. */
const rounds: readonly (readonly Drift[])[] = [
  [
    {
      what: "a container was removed",
      happens: () => remove(livekit),
      resource: "host-livekit",
      shows: "create",
    },
    {
      what: "a container was stopped",
      happens: () => post(`/containers/${edge}/stop?t=2`),
      resource: "host-edge",
      shows: "mustRun",
    },
    {
      what: "a container was taken off its network",
      happens: () => leave(api),
      resource: "host-api",
      shows: "ports",
    },
    {
      what: "a container that carries files was removed",
      happens: () => remove(`${edge}-live-files`),
      resource: "host-edge-live-carrier",
      shows: "create",
    },
  ],
  [
    {
      what: "a container's memory was changed",
      happens: () =>
        post(`/containers/${livekit}/update`, { Memory: 200 << 20, MemorySwap: 200 << 20 }),
      resource: "host-livekit",
      shows: "memory",
    },
    {
      what: "a container's restart policy was changed",
      happens: () => post(`/containers/${edge}/update`, { RestartPolicy: { Name: "no" } }),
      resource: "host-edge",
      shows: "restart",
    },
    {
      what: "the network was removed",
      happens: removeNetwork,
      resource: "host-network",
      shows: "create",
    },
  ],
  [
    {
      what: "a container's CPUs were changed",
      happens: () => post(`/containers/${livekit}/update`, { NanoCpus: 500_000_000 }),
      resource: "host-livekit",
      shows: "cpus",
    },
    {
      what: "a container was renamed",
      happens: () => post(`/containers/${api}/rename?name=${api}-renamed`),
      resource: "host-api",
      shows: "name",
    },
    {
      what: "a volume was removed with what used it",
      happens: async () => {
        await remove(edge);
        await remove(`${edge}-files`);
        await engine.json("DELETE", `/volumes/${edge}`);
      },
      resource: "host-edge-files-volume",
      shows: "create",
    },
  ],
  [
    {
      what: "the network was made anew by hand",
      happens: async () => {
        await removeNetwork();
        const Labels = { "dev.turnkey.stack": STACK };
        await post("/networks/create", { Name: NETWORK, Labels });
        for (const Container of [livekit, api, edge])
          // oxlint-disable-next-line no-await-in-loop -- the engine takes one at a time
          await post(`/networks/${NETWORK}/connect`, { Container });
      },
      resource: "host-network",
      shows: "create",
    },
    {
      what: "a container was made anew with another port",
      happens: () => {
        const PortBindings = { "23890/tcp": [{ HostIp: "127.0.0.1", HostPort: "23892" }] };
        return remake(engine, api, { host: { PortBindings } });
      },
      resource: "host-api",
      shows: "create",
    },
    {
      what: "a container was made anew with another environment",
      happens: () => remake(engine, livekit, { config: { Env: ["NODE_IP=127.0.0.2"] } }),
      resource: "host-livekit",
      shows: "create",
    },
    {
      what: "a container was made anew with another image",
      happens: async () => {
        const other = await inspect(engine, api);
        const config = {
          Image: other.text("Image"),
          Entrypoint: ["node"],
          Cmd: ["-e", "setInterval(() => {}, 1e6)"],
        };
        await remake(engine, edge, { config });
      },
      resource: "host-edge",
      shows: "create",
    },
    {
      what: "the local CA was deleted",
      happens: async () => {
        for (const file of ["local-ca.crt", "local-ca.pem"]) rmSync(join(checkout.data, file));
      },
      resource: "turn-certificate",
      shows: "caCertPem",
    },
  ],
  [
    {
      what: "the certificate was lost from the state",
      happens: () => forget("turn-certificate"),
      resource: "turn-certificate",
      shows: "create",
    },
  ],
];

beforeAll(async () => {
  checkout = makeCheckout();
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
  await up();
  deployed = await state();
}, 15 * MINUTES);

afterAll(async () => {
  ok(await checkout.run("down", "--stack", STACK, "--yes"));
  checkout.remove();
}, 3 * MINUTES);

test(
  "a stack that nothing happened to has nothing to change",
  async () => {
    expect(await previewed()).toEqual({});
  },
  MINUTES,
);

describe.each(
  rounds.map((drifts) => ({ drifts, names: drifts.map(({ what }) => what).join(", ") })),
)("$names", ({ drifts }) => {
  let shown: Record<string, readonly string[]>;

  beforeAll(async () => {
    for (const { happens } of drifts) await happens();
    shown = await previewed();
  }, MINUTES);

  test.each(drifts)("a preview shows that $what", ({ resource, shows }) => {
    expect(shown[resource]).toContain(shows);
  });

  test(
    "the next update mends all of it, and then there is nothing to change",
    async () => {
      await up();
      expect(await state()).toEqual(deployed);
      expect(await previewed()).toEqual({});
    },
    2 * MINUTES,
  );
});

test(
  "a file changed in a volume is beyond a refresh, and is written anew once its carrier is removed",
  async () => {
    const carrier = `${api}-files`;
    const file = "/etc/turnkey/turn-key.json";
    await overwrite(carrier, "/etc/turnkey", "turn-key.json");
    expect(await readFile(carrier, file)).toContain("tampered");
    expect(await previewed()).toEqual({});

    await remove(carrier);
    await up();
    expect(await readFile(carrier, file)).not.toContain("tampered");
    expect(await state()).toEqual(deployed);
  },
  2 * MINUTES,
);
