/** Every check of `npm run doctor`, in the order of the report: what others need comes first. */
import type { Check } from "./check.ts";

/** A check that is loaded when it runs: without the dependencies some cannot be, and the others still say what they see. */
export interface LoadableCheck {
  readonly name: string;
  readonly load: () => Promise<Check>;
}

export const checks: readonly LoadableCheck[] = [
  { name: "node", load: async () => (await import("./checks/node.ts")).node },
  { name: "cli", load: async () => (await import("./checks/cli.ts")).cli },
  { name: "settings", load: async () => (await import("./checks/settings.ts")).settings },
  { name: "disk", load: async () => (await import("./checks/disk.ts")).disk },
  { name: "engine", load: async () => (await import("./checks/engine.ts")).engine },
  { name: "state", load: async () => (await import("./checks/state.ts")).state },
  { name: "address", load: async () => (await import("./checks/address.ts")).address },
  { name: "ports", load: async () => (await import("./checks/ports.ts")).ports },
  { name: "firewall", load: async () => (await import("./checks/firewall.ts")).firewall },
  { name: "containers", load: async () => (await import("./checks/containers.ts")).containers },
  { name: "certificate", load: async () => (await import("./checks/certificate.ts")).certificate },
  { name: "clock", load: async () => (await import("./checks/clock.ts")).clock },
  { name: "logs", load: async () => (await import("./checks/logs.ts")).logs },
];
