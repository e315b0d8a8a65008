/** The stack's LiveKit once more, with rules for peers of a test's own. */
import { parse, stringify } from "yaml";
import * as z from "zod";
import { livekit } from "../../../turn/livekit.ts";
import {
  type Control,
  CONTROL_PORTS,
  CONTROL_RELAYS,
  controlListens,
  controlUrls,
  type ControlPlace,
} from "./control.ts";
import { NODE } from "./places.ts";
import type { Rig } from "./rig.ts";
import { soon } from "./soon.ts";
import { SIXTH } from "./trap.ts";

/** Lists as LiveKit's configuration names them. */
export interface PeerLists {
  readonly allow_restricted_peer_cidrs: readonly string[];
  readonly deny_peer_cidrs: readonly string[];
}

const Config = z.looseObject({
  turn: z.looseObject({
    allow_restricted_peer_cidrs: z.array(z.string()),
    deny_peer_cidrs: z.array(z.string()),
  }),
  rtc: z.looseObject({}),
});

const serviceOf = ({ deployed }: Pick<Rig, "deployed">) => {
  const service = deployed.document.services.find(({ name }) => name === "livekit");
  const file = service?.folders
    .flatMap(({ files }) => files)
    .find(({ path }) => path.endsWith("/livekit.yaml"));
  if (!service || !file || !("text" in file)) throw new Error("the document has no livekit.yaml");
  return { image: service.image, user: service.user, config: Config.parse(parse(file.text)) };
};

/** The lists of the stack's own, and as whom it runs. */
export const peerLists = (rig: Pick<Rig, "deployed">): PeerLists => serviceOf(rig).config.turn;
export const userOf = (rig: Pick<Rig, "deployed">): string => serviceOf(rig).user;

const NAME = "turnkey-control";
const FOLDER = "/run/turnkey-control";
const SECONDS = 1_000;

/**
 * Starts it as root, whom the node's firewall lets pass, or another `user`. It is of the stack's image and
 * configuration but for addresses, ports and those lists. Its address is the one in the node's network, so that its
 * relays can open connections, and it has one of IPv6 as well.
 */
export async function startLivekit(
  rig: Pick<Rig, "deployed" | "node">,
  lists: PeerLists,
  { namespace, papers, user = "0:0" }: ControlPlace & { readonly user?: string },
): Promise<Control> {
  const { image, config } = serviceOf(rig);
  const { username: key, credential: secret } = papers.user;
  const run = (...command: string[]) => rig.node.run(command, 60 * SECONDS);
  const files = {
    "livekit.yaml": stringify({
      ...config,
      port: 17_880,
      prometheus: { port: 16_789 },
      key_file: `${FOLDER}/keys.yaml`,
      rtc: { ...config.rtc, tcp_port: 17_881, port_range_start: 56_000, port_range_end: 56_099 },
      turn: {
        ...config.turn,
        ...lists,
        domain: "control.example.net",
        external_tls: false,
        cert_file: `${FOLDER}/control.pem`,
        key_file: `${FOLDER}/control.key`,
        udp_port: CONTROL_PORTS.udp,
        tls_port: CONTROL_PORTS.tls,
        relay_range_start: CONTROL_RELAYS.from,
        relay_range_end: CONTROL_RELAYS.to,
        bind_addresses: [NODE.private, SIXTH.node],
      },
    }),
    "keys.yaml": stringify({ [key]: secret }),
    "control.pem": papers.pem,
    "control.key": papers.keyPem,
  };
  const write = `umask 077; mkdir -p ${FOLDER} && printf %s "$1" >${FOLDER}/"$0" && chown -R ${user} ${FOLDER}`;
  for (const [name, text] of Object.entries(files)) {
    // oxlint-disable-next-line no-await-in-loop -- four small ones
    await run("sh", "-c", write, name, text);
  }
  const options = [
    "--name",
    NAME,
    "--network",
    "host",
    "--user",
    user,
    "--env",
    `NODE_IP=${NODE.private},${SIXTH.node}`,
    "--entrypoint",
    "/livekit-server",
    "--volume",
    `${FOLDER}:${FOLDER}:ro`,
  ];
  const command = ["--config", `${FOLDER}/livekit.yaml`];
  await run("docker", "run", "--detach", ...options, image, ...command);
  const stop = async () => void (await run("docker", "rm", "--force", NAME));
  try {
    await soon(() => controlListens(namespace), {
      withinMs: 30 * SECONDS,
      otherwise: () => run("docker", "logs", NAME),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const hour = Math.floor(Date.now() / 1000) + 3_600;
  return {
    urls: { IPv4: controlUrls(NODE.public), IPv6: controlUrls(SIXTH.node) },
    ca: papers.pem,
    credential: livekit.mint({ key, secret }, "control", hour),
    stop,
  };
}
