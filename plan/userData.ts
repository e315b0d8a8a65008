/** What a node is told when it boots for the first time: cloud-init's user data. */
import { gzipSync, strToU8 } from "fflate";
import { stringify } from "yaml";

/** Where the agent finds the rest: the same for a stack whatever its settings, so that none replaces the node. */
export interface NodeLocation {
  readonly stack: string;
  readonly region: string;
  readonly bucket: string;
  /** Key of the node document in the bucket. */
  readonly documentKey: string;
  /** Key of the certificate that the node keeps in the bucket. */
  readonly certificateKey: string;
  /** Path of the secrets in SSM's Parameter Store, such as `/turnkey/prod`. */
  readonly parameterPath: string;
  readonly logGroup: string;
  /** CloudWatch namespace of the node's metrics. */
  readonly metricNamespace: string;
}

/** EC2's limit, before base64 (EC2 User Guide, "User data"). */
export const USER_DATA_BYTES = 16_384;

/** Where the agent reads its location. */
export const NODE_FILE = "/etc/turnkey/node.json";
const AGENT_FILE = "/usr/local/lib/turnkey/agent.py";
const UNIT_FILE = "/etc/systemd/system/turnkey-agent.service";

const UNIT = `[Unit]
Description=Turnkey node agent
Wants=network-online.target docker.service
After=network-online.target docker.service
StartLimitIntervalSec=0

[Service]
ExecStart=/usr/bin/python3 ${AGENT_FILE}
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
`;

/**
 * The cloud-config that starts the agent, whose Python text is `agent`. It holds no
 * secret: everything on the node can read it.
 */
export function userData(location: NodeLocation, agent: string): string {
  const config = {
    write_files: [
      { path: NODE_FILE, permissions: "0644", content: `${JSON.stringify(location, null, 2)}\n` },
      { path: AGENT_FILE, permissions: "0755", content: agent },
      { path: UNIT_FILE, permissions: "0644", content: UNIT },
    ],
    runcmd: [
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "turnkey-agent.service"],
    ],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}

/**
 * User data as EC2 takes it, in base64: as gzip, which cloud-init unpacks (its reference, "User-data
 * formats"). The same bytes on every machine: zlib, Node's own, picks its matches by processor and version,
 * and user data that differ replace the node. Throws when it is larger than EC2 takes.
 */
export function packedUserData(text: string): string {
  const packed = Buffer.from(gzipSync(strToU8(text), { level: 9, mtime: 0 }));
  if (packed.length > USER_DATA_BYTES)
    throw new Error(
      `the user data has ${packed.length} bytes packed, and EC2 takes ${USER_DATA_BYTES}: the agent in it is too long`,
    );
  return packed.toString("base64");
}
