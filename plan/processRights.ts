/** As whom a service's process runs. */
import type { Service, ServiceName } from "./plan.ts";

export type ProcessRights = Pick<Service, "user" | "capabilities">;

/** Port 443 on the host network needs a capability, and Docker gives an added one to uid 0 only. */
const ROOT_ON_LOW_PORTS: ProcessRights = {
  user: "0:0",
  capabilities: ["CAP_NET_BIND_SERVICE"],
};

/** On this machine, where files in volumes belong to root: what the API reads is for its group. */
export const rightsHere: Readonly<Record<ServiceName, ProcessRights>> = {
  livekit: ROOT_ON_LOW_PORTS,
  api: { user: "65532:0", capabilities: [] },
  edge: ROOT_ON_LOW_PORTS,
};

const nobody = (uid: number): ProcessRights => ({ user: `${uid}:${uid}`, capabilities: [] });

/**
 * On a node of its own, where `net.ipv4.ip_unprivileged_port_start` lets every user open the ports: one each
 * that owns nothing, by which the node's firewall tells them apart.
 */
export const rightsOnNode: Readonly<Record<ServiceName, ProcessRights>> = {
  livekit: nobody(65_531),
  api: nobody(65_532),
  edge: nobody(65_533),
};
