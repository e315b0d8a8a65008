/** What a node finds on the rig's internet: AWS, a certificate authority, DNS, and the metadata service. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { moto } from "../../../scripts/setup/moto.ts";
import { pebbleFile } from "../../../scripts/setup/pebble.ts";
import { toolFile } from "../../../scripts/setup/pythonTool.ts";
import { issue } from "../pki.ts";
import { ask } from "./ask.ts";
import { ACME_NAME, NODE, type Place, PLACE, WORLD } from "./places.ts";
import { startProgram } from "./program.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const DNS_CONTROL = `${WORLD.dns}:8055`;
const ACME_CONTROL = `https://${WORLD.acme}:15000`;

export interface World {
  /** PEM of the CA that vouches for AWS and for the ACME directory. */
  readonly ca: string;
  /** PEM of the root of the certificates that the ACME server issues. */
  readonly acmeRoot: string;
  /** Makes names lead to an address from now on, or to none. */
  resolve(names: Readonly<Record<string, string | undefined>>): Promise<void>;
  /** How many certificates were ordered so far. */
  ordered(): number;
  /** How many accounts the authority has made, and how many certificates it was asked for. */
  asked(): { readonly accounts: number; readonly orders: number };
  /** Has the authority say that a certificate, in PEM, is to be replaced at once (RFC 9773). */
  callDue(pem: string): Promise<void>;
  /** What the metadata service tells a node from now on, beside the rest: by path below `/latest/`; undefined is no longer told. */
  tell(changed: Readonly<Record<string, string | undefined>>, node?: Place): void;
  /** Lines of what a node asked the metadata service: status, method, path. */
  askedOfMetadata(node?: Place): readonly string[];
}

export interface WorldArgs {
  /** Where all of it runs. */
  readonly namespace: string;
  /** Host names of AWS's services that there are. */
  readonly awsNames: readonly string[];
  readonly folder: string;
}

/** Starts all of it, but for the metadata service, whose place is beside the nodes: `startMetadata`. */
export async function startWorld({ namespace, awsNames, folder }: WorldArgs): Promise<World> {
  const authority = await issue({ subject: "rig", ...lifetime() });
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const certified = async (name: string, dns: readonly string[]) => {
    const { pem, keyPem } = await issue({ subject: name, issuer: authority, dns, ...lifetime() });
    return { certificate: write(`${name}.pem`, pem), key: write(`${name}.key`, keyPem) };
  };
  const metadata = write("metadata.json", "{}");

  await startDns(namespace, folder);
  const resolve: World["resolve"] = async (names) => {
    const questions = Object.entries(names).flatMap(([host, address]) => [
      tellDns("clear-a", { host }),
      ...(address === undefined ? [] : [tellDns("add-a", { host, addresses: [address] })]),
    ]);
    await ask(namespace, { questions });
  };
  const aws = Object.fromEntries(awsNames.map((it) => [it, WORLD.aws]));
  await resolve({ ...aws, [ACME_NAME]: WORLD.acme });
  await Promise.all([
    startAws(namespace, folder, await certified("aws", awsNames)),
    startAcme(namespace, folder, await certified("acme", [ACME_NAME])),
  ]);
  const asked: World["asked"] = () => {
    const log = readFileSync(join(folder, "acme.log"), "utf8");
    const times = (line: string) => log.split(line).length - 1;
    return { accounts: times(" accounts in memory"), orders: times("Added order ") };
  };
  return {
    ca: authority.pem,
    acmeRoot: await rootOf(namespace),
    resolve,
    asked,
    callDue: (pem) => callDue(namespace, pem),
    tell: (changed, node = NODE) => {
      const before = JSON.parse(readFileSync(metadata, "utf8"));
      const told = { ...before[node.private], ...changed };
      // In one step: it is read at any time.
      const beside = write("metadata.part", JSON.stringify({ ...before, [node.private]: told }));
      renameSync(beside, metadata);
    },
    ordered: () => asked().orders,
    askedOfMetadata: (node = NODE) =>
      readFileSync(join(folder, "metadata.log"), "utf8")
        .split("\n")
        .filter((it) => it.endsWith(` ${node.private}`))
        .map((it) => it.slice(0, -node.private.length - 1)),
  };
}

const lifetime = () => ({
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + DAY_MS),
});

function startDns(namespace: string, folder: string) {
  const listens = ["-dnsserver", `${WORLD.dns}:53`, "-management", DNS_CONTROL];
  // A name that nobody has added has no address, and it serves nothing but names.
  const empty = ["defaultIPv4", "defaultIPv6", "http01", "https01", "tlsalpn01", "doh"];
  return startProgram({
    namespace,
    name: "dns",
    command: [pebbleFile("dns"), ...listens, ...empty.flatMap((it) => [`-${it}`, ""])],
    folder,
    listens: { protocol: "tcp", at: DNS_CONTROL },
  });
}

const tellDns = (what: string, body: object) => ({
  url: `http://${DNS_CONTROL}/${what}`,
  method: "POST",
  body: JSON.stringify(body),
});

interface Certified {
  readonly certificate: string;
  readonly key: string;
}

function startAws(namespace: string, folder: string, { certificate, key }: Certified) {
  const program = toolFile(moto);
  if (program === undefined) throw new Error("moto is not here; `npm run test:node` readies it");
  const tls = ["--ssl-cert", certificate, "--ssl-key", key];
  return startProgram({
    namespace,
    name: "aws",
    command: [program, "--host", WORLD.aws, "--port", "443", ...tls],
    environment: { MOTO_ACCOUNT_ID: PLACE.accountId },
    folder,
    listens: { protocol: "tcp", at: `${WORLD.aws}:443` },
  });
}

/** Pebble, as it is, but for the ports, and lifetimes as Let's Encrypt has them. */
function startAcme(namespace: string, folder: string, { certificate, key }: Certified) {
  const config = join(folder, "acme.json");
  const pebble = {
    listenAddress: `${WORLD.acme}:443`,
    managementListenAddress: `${WORLD.acme}:15000`,
    certificate,
    privateKey: key,
    httpPort: 80,
    tlsPort: 443,
    profiles: {
      classic: { description: "90 days", validityPeriod: 90 * 24 * 60 * 60 },
      shortlived: { description: "six days", validityPeriod: 6 * 24 * 60 * 60 },
    },
  };
  writeFileSync(config, JSON.stringify({ pebble }));
  return startProgram({
    namespace,
    name: "acme",
    command: [pebbleFile("acme"), "-config", config, "-dnsserver", `${WORLD.dns}:53`],
    environment: { PEBBLE_VA_NOSLEEP: "1" },
    folder,
    listens: { protocol: "tcp", at: `${WORLD.acme}:443` },
  });
}

const days = (from: number) => new Date(Date.now() + from * DAY_MS).toISOString();

/** With a window that is past (Pebble's interface to tests: `SetRenewalInfo` in its wfe/wfe.go). */
async function callDue(namespace: string, certificate: string): Promise<void> {
  const ARIResponse = JSON.stringify({ suggestedWindow: { start: days(-2), end: days(-1) } });
  const url = `${ACME_CONTROL}/set-renewal-info/`;
  const headers = { "user-agent": "the rig" };
  const body = JSON.stringify({ Certificate: certificate, ARIResponse });
  const [answer] = await ask(namespace, {
    check: false,
    questions: [{ url, method: "POST", headers, body }],
  });
  if (answer?.status !== 200)
    throw new Error(`the authority answers ${answer?.status}: ${answer?.body}`);
}

async function rootOf(namespace: string): Promise<string> {
  const questions = [{ url: `${ACME_CONTROL}/roots/0` }];
  const [answer] = await ask(namespace, { check: false, questions });
  return answer?.body ?? "";
}
