/** Stops a deployment that could not have its ports, before anything is created. */
import { dockerLabels } from "../../components/dockerLabels.ts";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { look } from "../../machine/look.ts";
import type { Plan } from "../../plan/plan.ts";
import type { StackOutputs } from "../../turn/outputs.ts";
import { listenAddress, type PortRow } from "../../turn/ports.ts";
import { portsError } from "./portsError.ts";
import { machineProbe } from "./probes.ts";
import { takenPorts, type Probe } from "./takenPorts.ts";

export interface RunningContainer {
  readonly id: string;
  readonly name: string;
  /** Ports of the machine that lead to it. */
  readonly published: readonly {
    readonly address: string;
    /** Such as `443/udp`. */
    readonly port: string;
  }[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** The part of a stack's outputs that says which ports it holds where. */
export type DeployedPorts = Pick<StackOutputs, "ports" | "nodeAddress">;

/** A container that restarts again and again holds nothing: its state is another. */
export async function runningContainers(): Promise<RunningContainer[]> {
  const list = look(await connectEngine().json("GET", "/containers/json")).list();
  return list
    .filter((it) => it.text("State") === "running")
    .map((it) => ({
      id: it.text("Id"),
      name: it.texts("Names")[0]?.replace(/^\//, "") ?? "",
      published: it.list("Ports").map((port) => ({
        address: port.text("IP"),
        port: `${port.number("PublicPort")}/${port.text("Type")}`,
      })),
      labels: it.textMap("Labels"),
    }));
}

/** The stack's own containers under the names they were given: somebody may have renamed one. */
const underOwnNames = (containers: readonly RunningContainer[], plan: Plan): RunningContainer[] =>
  containers.map((it) => {
    const service = plan.services.find((one) =>
      dockerLabels(plan, one).every(({ label, value }) => it.labels?.[label] === value),
    );
    return service ? { ...it, name: service.containerName } : it;
  });

const EVERY_ADDRESS = ["*", "0.0.0.0", "::"];

/** Whether two addresses to listen on keep each other from a port. */
const collide = (one: string, other: string) =>
  one === other || EVERY_ADDRESS.includes(one) || EVERY_ADDRESS.includes(other);

/** Of a published port the container says more than the engine's proxy process. */
export const namingContainers =
  (containers: readonly RunningContainer[], probeAt: (address: string) => Probe) =>
  (address: string): Probe => {
    const probe = probeAt(address);
    return async (protocol, port) => {
      const owner = containers.find(({ published }) =>
        published.some((it) => it.port === `${port}/${protocol}` && collide(it.address, address)),
      );
      return owner ? `the container ${owner.name}` : probe(protocol, port);
    };
  };

/** What a container of the stack itself holds is what an update that broke off made of it. */
const sparing =
  (ours: readonly string[], probeAt: (address: string) => Probe) =>
  (address: string): Probe => {
    const probe = probeAt(address);
    return async (protocol, port) => {
      const holder = await probe(protocol, port);
      return ours.some((it) => holder === `the container ${it}`) ? undefined : holder;
    };
  };

const lies = (inner: PortRow, outer: PortRow) =>
  inner.protocol === outer.protocol && inner.from >= outer.from && inner.to <= outer.to;

/**
 * Throws a UserError that names every port of the plan that is taken. `deployed` is the stack as it
 * stands: what it lists is ours as long as our container runs. Without it, of a deployment that broke off,
 * everything is.
 */
export async function requirePorts(plan: Plan, deployed: DeployedPorts | undefined): Promise<void> {
  const containers = underOwnNames(await runningContainers(), plan);
  const nameOf = (id: string) => containers.find((it) => it.id === id)?.name;
  const taken = await takenPorts({
    plan,
    isOurs: (containerName, wanted, address) =>
      containers.some((it) => it.name === containerName) &&
      (deployed === undefined ||
        deployed.ports.some(
          (it) => lies(wanted, it) && collide(listenAddress(it, deployed.nodeAddress), address),
        )),
    probeAt: sparing(
      plan.services.map(({ containerName }) => containerName),
      namingContainers(containers, (address) => machineProbe(address, nameOf)),
    ),
  });
  if (taken.length > 0) throw portsError(plan.stack, taken);
}
