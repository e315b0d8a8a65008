/** What a node finds on the rig's internet: AWS, a certificate authority, DNS, and the metadata service. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { moto } from "../../../scripts/setup/moto.ts";
import { pebbleFile } from "../../../scripts/setup/pebble.ts";
import { toolFile } from "../../../scripts/setup/pythonTool.ts";
import { issue } from "../pki.ts";
import { ask } from "./ask.ts";
import { instanceMetadata } from "./instanceMetadata.ts";
import { ACME_NAME, PLACE, WORLD } from "./places.ts";
import { startProgram } from "./program.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const DNS_CONTROL = `${WORLD.dns}:8055`;

export interface World {
  /** PEM of the CA that vouches for AWS and for the ACME directory. */
  readonly ca: string;
  /** PEM of the root of the certificates that the ACME server issues. */
  readonly acmeRoot: string;
  /** Makes names lead to an address from now on, or to none. */
  resolve(names: Readonly<Record<string, string | undefined>>): Promise<void>;
  /** What the metadata service tells from now on, beside the rest: by path below `/latest/`. */
  tell(changed: Readonly<Record<string, string>>): void;
  /** Lines of what the metadata service was asked: status, method, path. */
  askedOfMetadata(): readonly string[];
}

export interface WorldArgs {
  /** Where all of it runs. */
  readonly namespace: string;
  /** Host names of AWS's services that there are. */
  readonly awsNames: readonly string[];
  readonly folder: string;
}

/** Starts all of it. The metadata service comes once the node is plugged in: `startMetadata`. */
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
  const metadata = write("metadata.json", JSON.stringify(instanceMetadata()));

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
  return {
    ca: authority.pem,
    acmeRoot: await rootOf(namespace),
    resolve,
    tell: (changed) => {
      const before = JSON.parse(readFileSync(metadata, "utf8"));
      writeFileSync(metadata, JSON.stringify({ ...before, ...changed }));
    },
    askedOfMetadata: () =>
      readFileSync(join(folder, "metadata.log"), "utf8").split("\n").filter(Boolean),
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

async function rootOf(namespace: string): Promise<string> {
  const questions = [{ url: `https://${WORLD.acme}:15000/roots/0` }];
  const [answer] = await ask(namespace, { check: false, questions });
  return answer?.body ?? "";
}
