import { settingOfRow } from "../../plan/portTable.ts";
import { portLabel } from "../../turn/ports.ts";
import { stackFileName } from "../pulumi/stackFiles.ts";
import { UserError } from "../userError.ts";
import type { TakenRow } from "./takenPorts.ts";

/** What to tell someone whose stack cannot have its ports: each one, what it is for, who holds it. */
export function portsError(stack: string, taken: readonly TakenRow[]): UserError {
  const lines = taken.map(({ row, holders }) => {
    const known = holders.filter((it) => it !== "");
    const by = known.length > 0 ? `held by ${known.join(", ")}` : "held by another program";
    return `${portLabel(row)} for ${row.purpose}: ${by}`;
  });
  const settings = taken.map(({ row }) => settingOfRow[row.name]).join(", ");
  return new UserError(
    [
      `stack "${stack}" cannot have ${taken.length === 1 ? "a port it needs" : `${taken.length} ports it needs`}; nothing was deployed`,
      ...lines.map((it) => `  ${it}`),
    ].join("\n"),
    [
      `end what holds ${taken.length === 1 ? "it" : "them"}${process.platform === "linux" ? " (sudo ss -lntup shows all)" : ""}`,
      `or choose others in ${stackFileName(stack)}: ${settings}`,
    ],
  );
}
