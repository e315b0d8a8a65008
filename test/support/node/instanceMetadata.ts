/** The instance metadata service of the rig's nodes. */
import { join } from "node:path";
import { nodeProgram } from "./nodeProgram.ts";
import { NETWORK, PLACE, type Place } from "./places.ts";
import { startProgram } from "./program.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What the metadata service tells a node of itself: categories of the EC2 User Guide. */
export function instanceMetadata(node: Place, instanceId: string): Record<string, string> {
  const role = "turnkey-prod-node";
  const expiration = new Date(Date.now() + DAY_MS).toISOString().replace(/\.\d+/, "");
  const keys = {
    Code: "Success",
    Type: "AWS-HMAC",
    AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
    SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    Token: "a session's token",
    Expiration: expiration,
  };
  const { accountId, region } = PLACE;
  const identity = { accountId, region, instanceId, privateIp: node.private };
  return {
    "meta-data/instance-id": instanceId,
    "meta-data/local-ipv4": node.private,
    "meta-data/public-ipv4": node.public,
    "meta-data/placement/region": region,
    "meta-data/placement/availability-zone": `${region}a`,
    "meta-data/iam/security-credentials/": role,
    [`meta-data/iam/security-credentials/${role}`]: JSON.stringify(keys),
    "dynamic/instance-identity/document": JSON.stringify(identity),
  };
}

/** Starts the metadata service, whose address is on the link to the nodes. */
export const startMetadata = (namespace: string, folder: string): Promise<void> =>
  startProgram({
    namespace,
    name: "metadata",
    command: nodeProgram(
      join(import.meta.dirname, "metadataMain.ts"),
      join(folder, "metadata.json"),
    ),
    folder,
    listens: { protocol: "tcp", at: `${NETWORK.metadata}:80` },
  });
