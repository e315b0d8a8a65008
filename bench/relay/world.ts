/** All that the benchmark runs in: networks, and servers that are ready to be started. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asRoot } from "../../test/support/node/asRoot.ts";
import type { Keeper } from "../../test/support/node/keeper.ts";
import { issue } from "../../test/support/pki.ts";
import { benchPlan } from "./benchPlan.ts";
import { makeNetwork, type Network } from "./network.ts";
import { DOMAIN } from "./places.ts";
import type { ServerProcess } from "./process.ts";
import { withReceiveBuffer } from "./receiveBuffer.ts";
import { prepareSites, type SiteName } from "./servers.ts";
import { makeSystems, type Systems } from "./systems.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What there is once it was made. */
export interface BenchWorld {
  readonly network: Network;
  /** What starts each site. */
  readonly sites: Readonly<Record<SiteName, () => Promise<ServerProcess>>>;
  readonly systems: Systems;
}

/** Makes it; the keeper undoes it. */
export async function makeWorld(keeper: Keeper): Promise<BenchWorld> {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-bench-relay-"));
  keeper.note(...asRoot("rm", "-rf", folder));
  const certificate = await issue({
    subject: "bench",
    dns: [DOMAIN],
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
  });
  const plan = benchPlan();
  const network = await makeNetwork(keeper);
  const prepared = prepareSites({ plan, network, keeper, folder, certificate });
  const withBuffer = (name: SiteName) => () => withReceiveBuffer(keeper, prepared[name]);
  const sites = {
    livekit: withBuffer("livekit"),
    ownTls: withBuffer("ownTls"),
    plainTls: withBuffer("plainTls"),
    coturn: withBuffer("coturn"),
  };
  return { network, sites, systems: makeSystems(plan, certificate.pem) };
}
