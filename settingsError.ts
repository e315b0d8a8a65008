/** Turns what zod found wrong with a stack's settings into lines a person can act on. */
import type * as z from "zod";
import { settingOfRow } from "./plan/portTable.ts";
import type { PortProblem } from "./turn/ports.ts";

/** Everything that is wrong with a stack's settings, a line each. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What a problem is about: the key, what zod wanted, and whether the key itself should not be there. */
interface Problem {
  readonly path: Path;
  readonly wanted: string;
  readonly unknown?: true;
}

/** As `pulumi config set --path` names it: `keys.rotations[1]`. */
const dotted = (path: Path) =>
  path.reduce<string>(
    (text, key) =>
      typeof key === "number"
        ? `${text}[${key}]`
        : text === ""
          ? String(key)
          : `${text}.${String(key)}`,
    "",
  );

const valueAt = (values: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (isRecord(value) ? value[String(key)] : undefined), values);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** An unknown key becomes a problem of its own, whose path ends in that key. */
function problemsOf(issue: Issue): Problem[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: [...path, key],
      wanted: "no such setting",
      unknown: true,
    }));
  // zod's own words for a wrong type name no mend; ours, where the schema has some, do.
  if (issue.code === "invalid_type" && issue.message.startsWith("Invalid"))
    return [{ path, wanted: typeNames[issue.expected] ?? issue.expected }];
  return [{ path, wanted: issue.message }];
}

const typeNames: Readonly<Record<string, string>> = {
  object: "an object",
  string: "text",
  number: "a number",
};

/** What a message may not tell. */
interface Hidden {
  readonly secrets: ReadonlySet<string>;
  /** Whether there is no such setting. */
  readonly unknown: boolean;
}

/**
 * A value as a message shows it: what is secret, by its name or a parent's, is not in it. Nor is the text of
 * a setting that there is not, whose name may be a secret's misspelt, or text where an object belongs.
 */
function shown(value: unknown, path: Path, { secrets, unknown }: Hidden): string {
  if (value === undefined) return "not set";
  if (path.some((it) => secrets.has(String(it)))) return "a secret value";
  if (unknown && isRecord(value)) return "an object";
  if (typeof value === "string" && (unknown || /^\s*[[{]/.test(value))) return "a text";
  return JSON.stringify(value, (key, it: unknown) => (secrets.has(key) ? "a secret value" : it));
}

/**
 * One line per problem. `values` is what was given; settings named in `secrets` are named, their values
 * are not.
 */
export function explainIssues(
  issues: readonly Issue[],
  values: Readonly<Record<string, unknown>>,
  secrets: ReadonlySet<string>,
): string {
  const found = issues.flatMap(problemsOf);
  const lines = found.map(({ path, wanted, unknown }) => {
    const key = dotted(path);
    const given = shown(valueAt(values, path), path, { secrets, unknown: unknown ?? false });
    const isSecret = path.some((it) => secrets.has(String(it)));
    const mend = unknown ? `pulumi config rm ${target(key)}` : setCommand(key, { isSecret });
    return `  ${key}: given ${given}, wanted ${wanted} - ${mend}`;
  });
  return list(lines);
}

/** The arguments of `pulumi config` that name a key; a shell would read brackets as a pattern. */
function target(key: string): string {
  const name = key.includes("[") ? `'turnkey:${key}'` : `turnkey:${key}`;
  return key.includes(".") ? `--path ${name}` : name;
}

const setCommand = (key: string, { isSecret = false } = {}) =>
  `pulumi config set ${isSecret ? "--secret " : ""}${target(key)} <value>`;

/** Something wrong with one setting of a stack whose settings are each well by themselves. */
export interface SettingProblem {
  readonly key: string;
  readonly given: string;
  readonly wanted: string;
  /** Whether its value is to be encrypted. */
  readonly isSecret?: boolean;
}

/** One line per problem, with the command that mends it. */
export const explainProblems = (problems: readonly SettingProblem[]): string =>
  list(
    problems.map(
      ({ key, given, wanted, isSecret = false }) =>
        `  ${key}: given ${given}, wanted ${wanted} - ${setCommand(key, { isSecret })}`,
    ),
  );

/** Problems of the port table, named by the settings that move the rows. */
export const portSettings = (problems: readonly PortProblem[]): SettingProblem[] =>
  problems.map(({ row, given, wanted }) => ({ key: settingOfRow[row], given, wanted }));

const list = (lines: readonly string[]) =>
  [
    lines.length === 1 ? "one setting is wrong" : `${lines.length} settings are wrong`,
    ...lines,
  ].join("\n");
