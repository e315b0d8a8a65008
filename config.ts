/** Everything a stack can say, checked in one place before any resource; the defaults live in settings/ and nowhere else. */
import * as z from "zod";
import { portTable } from "./plan/portTable.ts";
import * as groups from "./settings/groups.ts";
import { portProblems } from "./turn/ports.ts";
import { Aws } from "./settings/aws.ts";
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

const AwsSettings = z
  .strictObject({
    target: z.literal(targets[1]),
    ...shared,
    livekit: groups.AwsLivekit.prefault({}),
    turn: groups.AwsTurn.prefault({}),
    // An edge renews certificates without a restart, and has 443/tcp, where rooms look for TURN/TLS.
    edge: groups.AwsEdge.prefault({}),
    api: groups.AwsApi,
    certificate: groups.AwsCertificate.prefault({}),
    aws: z.preprocess((it) => it ?? {}, Aws),
  })
  .superRefine(({ livekit, turn, api, aws }, context) => {
    const needsDomain = (path: [string, string], given: unknown) => {
      if (given !== undefined && turn.domain === undefined)
        context.addIssue({ code: "custom", path, message: "no such setting without turn.domain" });
    };
    needsDomain(["livekit", "domain"], livekit.domain);
    needsDomain(["api", "domain"], api.domain);
    needsDomain(["aws", "zoneId"], aws.zoneId);
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
  const parsed = Settings.safeParse(withoutEmptyGroups(values));
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

/** Pulumi adds the project's defaults to every stack, also the groups of another target: an empty one says nothing. */
const withoutEmptyGroups = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([, it]) => typeof it !== "object" || it === null || Object.keys(it).length > 0,
    ),
  );

/** The network mode that a stack asks for; undefined leaves the choice to the machine. */
export const networkSetting = (settings: Settings) =>
  settings.target === "docker" ? settings.docker.network : undefined;

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
