import * as z from "zod";
import { ALL_PORTS, spanText } from "../../ports.ts";
import { openingText, publicOpenings } from "../../publicOpenings.ts";
import type { Finding, StackRule } from "../../rule.ts";

/** SSH, Telnet, RPC, SMB, databases, Docker, RDP, VNC, WinRM, Redis, etcd, Kubernetes, Elasticsearch, Memcached, MongoDB. */
const MANAGEMENT = [
  22, 23, 111, 135, 139, 445, 1433, 1521, 2049, 2375, 2376, 2379, 3306, 3389, 5432, 5900, 5985,
  5986, 6379, 6443, 9200, 10_250, 11_211, 27_017,
];

const config = z.strictObject({
  ports: z
    .array(z.int().min(1).max(ALL_PORTS.to))
    .default(MANAGEMENT)
    .describe("Ports that the public never reaches"),
});

/** Session Manager gives a shell without any open port. */
export const noPublicManagementPorts: StackRule<z.infer<typeof config>> = {
  name: "no-public-management-ports",
  description:
    "No port of remote administration or of a database is open to the public, however its sources are cut up.",
  level: "mandatory",
  severity: "critical",
  mirrors: ["CKV_AWS_24", "CKV_AWS_25", "AVD-AWS-0107", "CT.EC2.PR.4"],
  config,
  checkStack: (resources, { ports }) =>
    publicOpenings(resources, "ingress").flatMap((opening): readonly Finding[] => {
      if (!["tcp", "udp", "all"].includes(opening.protocol)) return [];
      const { from, to } = opening.ports;
      const open = ports.filter((port) => from <= port && port <= to);
      if (open.length === 0) return [];
      const named = open.map((port) => spanText({ from: port, to: port })).join(", ");
      return [
        {
          resource: opening.of[0].resource,
          what: `opens ${open.length === 1 ? "port" : "ports"} ${named} to the public`,
          seen: openingText(opening),
          mend: "close it, and use Session Manager or a private network",
        },
      ];
    }),
};
