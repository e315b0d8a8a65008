/** Every port of the stack: free, held by the stack itself, or by whom else. */
import type { Plan } from "../../../plan/plan.ts";
import { settingOfRow } from "../../../plan/portTable.ts";
import { portLabel, type PortRow } from "../../../turn/ports.ts";
import { machineProbe } from "../../ports/probes.ts";
import {
  namingContainers,
  runningContainers,
  type RunningContainer,
} from "../../ports/requirePorts.ts";
import { holdersOf, openedAt, type Probe, SHARE_TO_SPARE } from "../../ports/takenPorts.ts";
import { stackFileName } from "../../pulumi/stackFiles.ts";
import type { Check } from "../check.ts";
import { ok, problem, unknown, warning, type Finding } from "../finding.ts";

/** Who has a row's ports, each holder once; ports nobody has are not in it. */
export interface RowHolders {
  readonly row: PortRow;
  /** Ports held by the stack's own containers. */
  readonly own: number;
  /** Ports held by others. */
  readonly foreign: number;
  /** Their names; those of other users' processes are not to be seen. */
  readonly names: readonly string[];
}

/** What the holders of a row mean. `published` rows need every port, the others can spare some of a range. */
export function rowFinding(
  { row, own, foreign, names }: RowHolders,
  { published, stackFile }: { published: boolean; stackFile: string },
): Finding {
  const label = `${portLabel(row)} (${row.name})`;
  const size = row.to - row.from + 1;
  if (foreign === 0) return ok(`${label}: ${own > 0 ? "held by this stack" : "free"}`);
  const who =
    names.length > 0 ? names.join(", ") : "another user's process (sudo ss -lntup names it)";
  const count = size === 1 ? "" : `${foreign} of ${size} ports `;
  const text = `${label}: ${count}held by ${who}`;
  const mend = `end it, or choose other ports in ${stackFile}: ${settingOfRow[row.name]}`;
  if (published || size === 1 || foreign > size * SHARE_TO_SPARE) return problem(text, mend);
  return warning(`${text}; LiveKit takes the others`, mend);
}

export interface PortQuestion {
  readonly plan: Pick<Plan, "ports" | "services" | "nodeAddress">;
  /** Names of the containers that run. */
  readonly running: readonly string[];
  /** Asks who has a port on an address. */
  readonly probeAt: (address: string) => Probe;
}

/** The holders of every row that opens ports of its own, in the order of the plan. */
export function holdersOfRows({
  plan,
  running,
  probeAt,
}: PortQuestion): Promise<(RowHolders & { published: boolean })[]> {
  const rows = plan.ports.filter((it) => it.within === undefined);
  return Promise.all(
    rows.map(async (row) => {
      const service = plan.services.find((it) => it.ports.includes(row.name));
      const network = service?.network ?? "host";
      const container = running.find((it) => it === service?.containerName);
      const holders = await holdersOf(row, probeAt(openedAt(row, network, plan.nodeAddress)));
      // Another user's process may be the stack's: then its container runs.
      const isOwn = (holder: string) =>
        container !== undefined && (holder === "" || holder === `the container ${container}`);
      const foreign = holders.filter((it) => !isOwn(it));
      return {
        row,
        own: holders.length - foreign.length,
        foreign: foreign.length,
        names: [...new Set(foreign)].filter((it) => it !== ""),
        published: network === "stack",
      };
    }),
  );
}

/** Looks at this machine as it is now. */
function probesHere(containers: readonly RunningContainer[]): PortQuestion["probeAt"] {
  const nameOf = (id: string) => containers.find((it) => it.id === id)?.name;
  return namingContainers(containers, (address) => machineProbe(address, nameOf));
}

/** One line for all rows of which nothing is to be said but that they are well. */
function condensed(findings: readonly Finding[], rows: readonly RowHolders[]): Finding[] {
  const told = findings.filter(({ level }) => level !== "ok");
  const well = rows.filter((_, index) => findings[index]?.level === "ok");
  const line = (title: string, some: readonly RowHolders[]) =>
    some.length > 0
      ? [ok(`${title}: ${some.map(({ row }) => `${portLabel(row)} ${row.name}`).join(", ")}`)]
      : [];
  return [
    ...told,
    ...line(
      "held by this stack",
      well.filter(({ own }) => own > 0),
    ),
    ...line(
      "free",
      well.filter(({ own }) => own === 0),
    ),
  ];
}

/** Without an engine to ask, a holder of a deployed stack's port may well be the stack itself. */
const undecided = (finding: Finding): Finding =>
  finding.level === "problem" || finding.level === "warning"
    ? unknown(`${finding.text}; whether that is this stack, the Docker Engine does not tell`)
    : finding;

export const ports: Check = {
  async run(context) {
    const [plan, containers, deployed] = await Promise.all([
      context.plan(),
      context.engine().then(runningContainers, () => undefined),
      context.record().catch(() => undefined),
    ]);
    const rows = await holdersOfRows({
      plan,
      running: (containers ?? []).map(({ name }) => name),
      probeAt: probesHere(containers ?? []),
    });
    const stackFile = stackFileName(context.stack);
    const findings = rows.map((it) => rowFinding(it, { published: it.published, stackFile }));
    const unsure = containers === undefined && deployed?.outputs !== undefined;
    return condensed(unsure ? findings.map(undecided) : findings, rows);
  },
};
