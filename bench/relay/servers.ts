/** The servers that are compared, each at an address of its own. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan, Service, ServiceName } from "../../plan/plan.ts";
import { debianTool } from "../../scripts/setup/debianTool.ts";
import type { Keeper } from "../../test/support/node/keeper.ts";
import type { Issued } from "../../test/support/pki.ts";
import { row, type RowName } from "../../turn/ports.ts";
import { VPC } from "./benchPlan.ts";
import { coturnConfig } from "./coturnConfig.ts";
import { imageRoot } from "./imageRoot.ts";
import type { Network } from "./network.ts";
import { ownTlsService } from "./ownTls.ts";
import { DOMAIN, SERVER } from "./places.ts";
import { startServer, type ServerProcess, type ServerStart } from "./process.ts";
import { type LateTexts, writeServiceFiles } from "./serviceFiles.ts";

/**
 * `livekit` is LiveKit with the edge before it, as deployed; `ownTls` LiveKit that ends TLS itself, and `plainTls` the same
 * without what a node has set for its containers.
 */
export type SiteName = keyof typeof SERVER;

/** The key of LiveKit's credentials, and the secret of both kinds. */
export const TURN_KEY = { key: "BENCH", secret: randomBytes(32).toString("hex") } as const;

/** What sites are made of, and where. */
export interface Surroundings {
  readonly plan: Plan;
  readonly network: Network;
  readonly keeper: Keeper;
  /** For logs and small files. */
  readonly folder: string;
  readonly certificate: Issued;
}

/** Gives what starts a site; its image is unpacked once. */
export function prepareSites(around: Surroundings): Record<SiteName, () => Promise<ServerProcess>> {
  const { plan, network, keeper, folder, certificate } = around;
  const port = (name: RowName) => row(plan.ports, name).from;
  const late: LateTexts = {
    livekitKeys: `${TURN_KEY.key}: ${TURN_KEY.secret}\n`,
    certificate: certificate.pem,
    certificateKey: certificate.keyPem,
    certificateAndKey: certificate.pem + certificate.keyPem,
  };
  const planned = (name: ServiceName) => {
    const found = plan.services.find((it) => it.name === name);
    if (!found) throw new Error(`the plan has no ${name}`);
    return found;
  };
  const prepared = (
    name: string,
    service: Service,
    { listens, asOnNode = true }: Pick<ServerStart, "listens"> & Partial<ServerStart>,
  ) => {
    let root: string | undefined;
    const command = [...service.entrypoint, ...service.command];
    const { environment } = service;
    const start = {
      namespace: network.turn,
      name,
      command,
      environment,
      folder,
      listens,
      asOnNode,
    };
    return () => {
      root ??= imageRoot(service.image, keeper);
      writeServiceFiles(root, service, late);
      return startServer({ ...start, root });
    };
  };
  const udpAt = (address: string) =>
    ({ protocol: "udp", at: `${address}:${port("turn-udp")}` }) as const;
  const endsTls = (site: "ownTls" | "plainTls", beside: number) => {
    const at = { address: SERVER[site], tlsPort: port("turn-tls"), beside };
    const service = ownTlsService(planned("livekit"), at);
    return prepared(site, service, { listens: udpAt(at.address), asOnNode: site === "ownTls" });
  };

  const livekit = prepared("livekit", planned("livekit"), { listens: udpAt(SERVER.livekit) });
  const edge = prepared(
    "edge",
    { ...planned("edge"), environment: { PRIVATE_ADDRESS: SERVER.livekit } },
    { listens: { protocol: "tcp", at: `${SERVER.livekit}:${port("https")}` } },
  );
  const coturn = () => startCoturn(around, late);
  return {
    livekit: async () => together(await livekit(), await edge()),
    ownTls: endsTls("ownTls", 100),
    plainTls: endsTls("plainTls", 200),
    coturn,
  };
}

function startCoturn({ plan, network, folder }: Surroundings, late: LateTexts) {
  const write = (name: string, text = "") => {
    const file = join(folder, `coturn.${name}`);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const text = coturnConfig(
    {
      plan,
      address: SERVER.coturn,
      realm: DOMAIN,
      secret: TURN_KEY.secret,
      certificate: write("crt", late.certificate),
      key: write("key", late.certificateKey),
      pid: join(folder, "turnserver.pid"),
    },
    VPC,
  );
  return startServer({
    namespace: network.turn,
    name: "coturn",
    command: [...debianTool("coturn").command("turnserver"), "-c", write("conf", text)],
    folder,
    listens: { protocol: "udp", at: `${SERVER.coturn}:${row(plan.ports, "turn-udp").from}` },
    root: undefined,
    asOnNode: true,
  });
}

const together = (...all: readonly ServerProcess[]): ServerProcess => ({
  memoryKib: () => all.reduce((sum, it) => sum + it.memoryKib(), 0),
  stop: async () => void (await Promise.all(all.map((it) => it.stop()))),
});
