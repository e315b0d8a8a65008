/** Stops a deployment that could not have its ports, before anything is created. */
import { connectEngine } from "../../machine/dockerEngine.ts";
import { look } from "../../machine/look.ts";
import type { Plan } from "../../plan/plan.ts";
import type { PortRow } from "../../turn/ports.ts";
import { portsError } from "./portsError.ts";
import { machineProbe } from "./probes.ts";
import { takenPorts, type Probe } from "./takenPorts.ts";

interface RunningContainer {
  readonly id: string;
  readonly name: string;
  /** Published ports of the machine, such as `443/udp`. */
  readonly published: readonly string[];
}

/** A container that restarts again and again holds nothing: its state is another. */
async function runningContainers(): Promise<RunningContainer[]> {
  const list = look(await connectEngine().json("GET", "/containers/json")).list();
  return list
    .filter((it) => it.text("State") === "running")
    .map((it) => ({
      id: it.text("Id"),
      name: it.texts("Names")[0]?.replace(/^\//, "") ?? "",
      published: it
        .list("Ports")
        .map((port) => `${port.number("PublicPort")}/${port.text("Type")}`),
    }));
}

/** Of a published port the container says more than the engine's proxy process. */
const namingContainers =
  (containers: readonly RunningContainer[], probe: Probe): Probe =>
  async (protocol, port) => {
    const owner = containers.find((it) => it.published.includes(`${port}/${protocol}`));
    return owner ? `the container ${owner.name}` : probe(protocol, port);
  };

const lies = (inner: PortRow, outer: PortRow) =>
  inner.protocol === outer.protocol && inner.from >= outer.from && inner.to <= outer.to;

/**
 * Throws a UserError that names every port of the plan that is taken. `deployed` is the port table of
 * the stack as it stands: what it lists is ours as long as our container runs. Without one, of a
 * deployment that broke off, everything is.
 */
export async function requirePorts(
  plan: Plan,
  deployed: readonly PortRow[] | undefined,
): Promise<void> {
  const containers = await runningContainers();
  const nameOf = (id: string) => containers.find((it) => it.id === id)?.name;
  const taken = await takenPorts({
    plan,
    isOurs: (containerName, wanted) =>
      containers.some((it) => it.name === containerName) &&
      (deployed === undefined || deployed.some((it) => lies(wanted, it))),
    probe: namingContainers(containers, machineProbe(plan.nodeAddress, nameOf)),
  });
  if (taken.length > 0) throw portsError(plan.stack, taken);
}
