/** Every check of `npm run doctor`, in the order of the report: what others need comes first. */
import type { Check, DoctorContext } from "./check.ts";

/** A check that is loaded when it runs: without the dependencies some cannot be, and the others still say what they see. */
export interface LoadableCheck {
  readonly name: string;
  /** The target it looks at; absent where it holds for every stack. */
  readonly only?: DoctorContext["target"];
  readonly load: () => Promise<Check>;
}

const all: readonly LoadableCheck[] = [
  { name: "node", load: async () => (await import("./checks/node.ts")).node },
  { name: "cli", load: async () => (await import("./checks/cli.ts")).cli },
  { name: "settings", load: async () => (await import("./checks/settings.ts")).settings },
  { name: "disk", load: async () => (await import("./checks/disk.ts")).disk },
  { name: "engine", only: "docker", load: async () => (await import("./checks/engine.ts")).engine },
  { name: "state", load: async () => (await import("./checks/state.ts")).state },
  {
    name: "address",
    only: "docker",
    load: async () => (await import("./checks/address.ts")).address,
  },
  { name: "ports", only: "docker", load: async () => (await import("./checks/ports.ts")).ports },
  {
    name: "firewall",
    only: "docker",
    load: async () => (await import("./checks/firewall.ts")).firewall,
  },
  {
    name: "containers",
    only: "docker",
    load: async () => (await import("./checks/containers.ts")).containers,
  },
  {
    name: "certificate",
    only: "docker",
    load: async () => (await import("./checks/certificate.ts")).certificate,
  },
  { name: "names", only: "aws", load: async () => (await import("./checks/names.ts")).names },
  {
    name: "deployment",
    only: "aws",
    load: async () => (await import("./checks/deployment.ts")).deployment,
  },
  { name: "clock", load: async () => (await import("./checks/clock.ts")).clock },
  { name: "logs", only: "docker", load: async () => (await import("./checks/logs.ts")).logs },
];

/** Those for a stack: what runs in AWS has nothing to do with this machine's Docker Engine. */
export const checksFor = (target: DoctorContext["target"]): readonly LoadableCheck[] =>
  all.filter(({ only }) => only === undefined || only === target);
