/** When keys are rotated: how the dates are written, and how soon one may follow another. */

/**
 * Pulumi hands a date that stands in YAML without quotes over as Go prints it,
 * `2026-11-22 04:05:06 +0000 UTC`; YAML itself also knows it without a zone, which is UTC.
 */
const GO_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?: ([+-]\d\d)(\d\d) \S+)?$/;

/** A rotation's date in ISO 8601, however Pulumi wrote it; any other text stays as it is. */
export function isoDate(text: string): string {
  const [, date, time, hours, minutes] = GO_TIME.exec(text) ?? [];
  if (date === undefined) return text;
  const isUtc = hours === undefined || `${hours}${minutes}` === "+0000";
  return `${date}T${time}${isUtc ? "Z" : `${hours}:${minutes}`}`;
}

/** The settings that decide how soon a rotation may follow another. */
export interface RotationSettings {
  readonly keys: { readonly rotations: readonly string[] };
  readonly turn: { readonly credentialTtlSeconds: number };
  readonly api: { readonly roomTokenTtlSeconds: number };
}

/**
 * The generation of the current keys, from 1 on. Dates are counted and not compared with the clock:
 * the same settings always make the same plan, and a date in the future counts at once.
 */
export const keyGeneration = ({ keys }: Pick<RotationSettings, "keys">): number =>
  keys.rotations.length + 1;

/** The longest life of what a key makes, and the setting that says so. */
function longestTtl({ turn, api }: RotationSettings) {
  const ttls = [
    { setting: "turn.credentialTtlSeconds", seconds: turn.credentialTtlSeconds },
    { setting: "api.roomTokenTtlSeconds", seconds: api.roomTokenTtlSeconds },
  ] as const;
  return ttls[0].seconds >= ttls[1].seconds ? ttls[0] : ttls[1];
}

/** When the next rotation may be: undefined means at any time, as there was none yet. */
export function earliestRotation(settings: RotationSettings): Date | undefined {
  const last = settings.keys.rotations.at(-1);
  return last === undefined ? undefined : after(last, longestTtl(settings).seconds);
}

const after = (date: string, seconds: number) => new Date(Date.parse(date) + seconds * 1000);

/** To the second, and never earlier than it is: `2026-11-22T04:05:06Z`. */
export const toSeconds = (date: Date): string =>
  new Date(Math.ceil(date.getTime() / 1000) * 1000).toISOString().replace(".000Z", "Z");

/** A date that stands too early in the list: its place, and what would be right there. */
export interface RotationProblem {
  readonly index: number;
  readonly given: string;
  readonly wanted: string;
}

/**
 * Every date that comes before the credentials and tokens of the keys before it have ended. Only two
 * generations of keys are valid at a time, so such a rotation would end them early.
 */
export function rotationProblems(settings: RotationSettings): RotationProblem[] {
  const { setting, seconds } = longestTtl(settings);
  return settings.keys.rotations.flatMap((given, index, all) => {
    const before = all[index - 1];
    if (before === undefined) return [];
    const earliest = after(before, seconds);
    if (Date.parse(given) >= earliest.getTime()) return [];
    const order = Date.parse(given) - Date.parse(before);
    const reason =
      order < 0
        ? "dates stand oldest first"
        : order === 0
          ? "the date before it is the same"
          : `what the keys before it made lives for ${seconds} s (${setting})`;
    return [{ index, given, wanted: `${toSeconds(earliest)} or later: ${reason}` }];
  });
}
