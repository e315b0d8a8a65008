import type { ApiKeyPair, StackOutputs } from "../../turn/outputs.ts";
import { portLabel } from "../../turn/ports.ts";
import { columns } from "./columns.ts";

const MASK = "[secret]";

/** The outputs as a person reads them. */
export function outputsTable(outputs: StackOutputs, showSecrets: boolean): string {
  const secret = (text: string) => (showSecrets ? text : MASK);
  const pair = ({ key, secret: value }: ApiKeyPair) => `${key} ${secret(value)}`;
  const { cloud } = outputs;
  const only = cloud ? "the node only" : "this machine only";
  const ports = outputs.ports.map((it) => [
    portLabel(it),
    it.purpose,
    it.exposure === "node" ? only : "",
  ]);
  return columns([
    ["API", outputs.apiUrl],
    ["LiveKit", `${outputs.livekitUrl} (version ${outputs.livekitVersion})`],
    ["node address", outputs.nodeAddress],
    ...(cloud
      ? [
          ["node", `${cloud.instanceId} in ${cloud.region}`],
          ["log group", cloud.logGroup],
          ["alarms go to", cloud.alarmTopicArn],
        ]
      : []),
    ["ICE URLs", outputs.iceUrls.join("\n")],
    ["ports", columns(ports)],
    ["containers", columns(Object.entries(outputs.containers))],
    ["sign-in", outputs.signIn.kind],
    ...(outputs.apiJwtSecret === undefined
      ? []
      : [["API JWT secret", secret(outputs.apiJwtSecret)]]),
    ["verifier key", secret(outputs.verifierKey)],
    ["room key", pair(outputs.roomKey)],
    ["TURN key", pair(outputs.turnKey)],
    ...(outputs.caCertificate === undefined ? [] : [["CA certificate", "see --json"]]),
  ]);
}
