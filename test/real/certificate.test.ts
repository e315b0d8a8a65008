/** Certificates that change under a running stack: served within seconds, and no open relay loses a packet. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import * as z from "zod";
import { plainStack, type PlainStack } from "../support/plainStack.ts";
import { streamThrough } from "../support/relayStream.ts";
import { outputsOf } from "../support/stack.ts";
import { until } from "../support/until.ts";
import { leafCertificate } from "../verify/leafCertificate.ts";

const STACK = "rotc";
const MINUTES = 60_000;
const HTTPS = 27_544;

const SETTINGS = `config:
  turnkey:target: docker
  turnkey:livekit: { port: 27980, metricsPort: 27989 }
  turnkey:rtc: { tcpPort: 27981, mediaPorts: { from: 27200, to: 27219 } }
  turnkey:turn: { udpPort: 27543, tlsPort: 27549 }
  turnkey:edge: { httpsPort: ${HTTPS}, turnPort: 27550, metricsPort: 27504 }
  turnkey:api: { port: 27990, metricsPort: 27991 }
`;

let stack: PlainStack;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-certificate-"));
  stack = await plainStack(STACK, SETTINGS);
  await stack.up();
}, 6 * MINUTES);
afterAll(async () => {
  await stack.remove();
  rmSync(folder, { recursive: true });
}, 4 * MINUTES);

/** The serial number of the certificate that a new connection gets, when the CA and the address are right. */
async function servedSerial(ca: string): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port: HTTPS, ca });
  await once(socket, "secureConnect");
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

const Deployment = z.object({
  deployment: z.object({ resources: z.array(z.object({ urn: z.string(), type: z.string() })) }),
});

/** The resource that is replaced when the leaf is due for renewal. */
async function leafUrn(): Promise<string> {
  const { stdout } = await stack.pulumi("stack", "export");
  const { resources } = Deployment.parse(JSON.parse(stdout)).deployment;
  const leaf = resources.find((it) => it.type === "tls:index/locallySignedCert:LocallySignedCert");
  return leaf?.urn ?? "";
}

/** Shorter than the minute that an allocation of our TURN client lives. */
const RELAY_MS = 20_000;

/**
 * Does `change` while packets cross a relay over TURN/TLS, and gives how many were lost. A relay follows
 * another before that one ends, so that one is open at every moment however long it takes.
 */
async function lostWhile(change: () => Promise<void>): Promise<number> {
  const outputs = await outputsOf(stack.checkout, STACK);
  const open = () => streamThrough(`turns:127.0.0.1:${HTTPS}?transport=tcp`, outputs);
  const changed = new AbortController();
  let stream = await open();
  let lost = 0;
  const count = async ({ stop }: Pick<typeof stream, "stop">) => {
    const { sent, received } = await stop();
    expect(sent).toBeGreaterThan(0);
    lost += sent - received;
  };
  const changing = change().finally(() => changed.abort());
  while (!changed.signal.aborted) {
    await sleep(RELAY_MS, undefined, { signal: changed.signal }).catch(() => undefined);
    const before = stream;
    stream = await open();
    await count(before);
  }
  await changing;
  await count(stream);
  return lost;
}

const started = () => stack.startedAt("livekit", "api", "edge");

test(
  "a leaf that is issued anew is served within seconds, and nothing is restarted or lost",
  async () => {
    const { caCertificate } = await outputsOf(stack.checkout, STACK);
    const before = { serial: await servedSerial(caCertificate), started: await started() };
    const urn = await leafUrn();
    const lost = await lostWhile(async () => {
      await stack.up("--replace", urn);
      await until(async () => (await servedSerial(caCertificate)) !== before.serial);
    });
    expect(lost).toBe(0);
    expect(await started()).toEqual(before.started);
    await stack.pulumi("preview", "--expect-no-changes");
  },
  6 * MINUTES,
);

test(
  "a given pair takes the place of the local CA's, is what clients are told to trust, and restarts nothing",
  async () => {
    const given = await leafCertificate();
    const [chainFile, keyFile] = [join(folder, "chain.pem"), join(folder, "key.pem")];
    writeFileSync(chainFile, `${given.cert}\n${given.ca}\n`);
    writeFileSync(keyFile, given.key, { mode: 0o600 });
    const before = await started();
    const set = (key: string, value: string) =>
      stack.pulumi("config", "set", "--path", `turnkey:certificate.${key}`, value);
    await set("chainFile", chainFile);
    await set("keyFile", keyFile);
    await stack.up();
    const { caCertificate } = await outputsOf(stack.checkout, STACK);
    expect(caCertificate.trim()).toBe(given.ca.trim());
    const serial = await until(() => servedSerial(caCertificate).catch(() => undefined));
    expect(serial).toMatch(/^[0-9A-F]+$/);
    const [livekit, , edge] = await started();
    expect([livekit, edge]).toEqual([before[0], before[2]]);
    const { stdout } = await stack.pulumi("stack", "export");
    expect(stdout).not.toContain(given.key.split("\n")[1]);
  },
  6 * MINUTES,
);
