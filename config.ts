/** Everything a stack can say, checked in one place before any resource; the defaults live in settings/ and nowhere else. */
import * as z from "zod";
import { portTable } from "./plan/portTable.ts";
import * as groups from "./settings/groups.ts";
import { portProblems } from "./turn/ports.ts";
import { revokedProblems, rotationProblems } from "./settings/rotations.ts";
import { explainIssues, explainProblems, portSettings, SettingsError } from "./settingsError.ts";

const shared = {
  livekit: groups.Livekit.prefault({}),
  rtc: groups.Rtc.prefault({}),
  turn: groups.Turn.prefault({}),
  edge: groups.EdgeSetting,
  keys: groups.Keys.prefault({}),
  logs: groups.Logs.prefault({}),
};

const targets = ["docker", "aws"] as const;

const DockerSettings = z.strictObject({
  target: z.literal(targets[0]),
  ...shared,
  api: groups.DockerApi.prefault({}),
  certificate: groups.Certificate.prefault({}),
  docker: groups.Docker.prefault({}),
});

const AwsSettings = z.strictObject({
  target: z.literal(targets[1]),
  ...shared,
  api: groups.AwsApi,
});

export const Settings = z.discriminatedUnion("target", [DockerSettings, AwsSettings], {
  error: `one of ${targets.join(", ")}`,
});
export type Settings = z.infer<typeof Settings>;

/** Names of settings, wherever they stand, whose values never appear in a message. */
export const SECRET_NAMES: ReadonlySet<string> = new Set([
  "secret",
  "secrets",
  "apiToken",
  "secretKey",
  "credential",
]);

/**
 * The settings in a stack's values, keys without `turnkey:`. Throws one `SettingsError` that lists
 * everything wrong: key, value given, value wanted, mend.
 */
export function parseSettings(values: Readonly<Record<string, unknown>>): Settings {
  const parsed = Settings.safeParse(values);
  if (!parsed.success)
    throw new SettingsError(explainIssues(parsed.error.issues, values, SECRET_NAMES));
  // On a bridge the table's ranges are parts of those here, so what fits here fits there.
  const problems = [
    ...portSettings(portProblems(portTable(parsed.data, "host"))),
    ...rotationProblems(parsed.data).map(({ index, given, wanted }) => ({
      key: `keys.rotations[${index}]`,
      given: JSON.stringify(given),
      wanted,
    })),
    ...revokedProblems(parsed.data).map(({ index, given, wanted }) => ({
      key: `keys.revoked[${index}]`,
      given: `${given}`,
      wanted,
    })),
  ];
  if (problems.length > 0) throw new SettingsError(explainProblems(problems));
  return parsed.data;
}

/** The network mode that a stack asks for; undefined leaves the choice to the machine. */
export const networkSetting = (settings: Settings) =>
  settings.target === "docker" ? settings.docker.network : undefined;

/** The files of a certificate of the user's own, none for a target that has no such setting. */
export const certificateSettings = (settings: Settings) =>
  settings.target === "docker" ? settings.certificate : {};

const PREFIX = "turnkey:";

/** A stack's own values as Pulumi keeps them, strings that may hold JSON, as plain values by key. */
export function stackValues(config: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, text]) => [key.slice(PREFIX.length), parseValue(text)]),
  );
}

function parseValue(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // a plain string that begins with a bracket: the schema says what it wants instead
  }
}
