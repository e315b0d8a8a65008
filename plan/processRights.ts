/** As whom a service's process runs. */
import type { Service } from "./plan.ts";

export type ProcessRights = Pick<Service, "user" | "capabilities">;

/** Port 443 on the host network needs a capability, and Docker gives an added one to uid 0 only. */
export const ROOT_ON_LOW_PORTS: ProcessRights = {
  user: "0:0",
  capabilities: ["CAP_NET_BIND_SERVICE"],
};

/** Where `net.ipv4.ip_unprivileged_port_start` lets every user open the ports: a user that owns nothing. */
export const NOBODY: ProcessRights = { user: "65532:65532", capabilities: [] };
