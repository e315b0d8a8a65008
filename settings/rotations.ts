/** When keys are rotated and which are revoked: how the dates are written, and how soon one may follow another. */

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
  readonly keys: { readonly rotations: readonly string[]; readonly revoked: readonly number[] };
  readonly turn: { readonly credentialTtlSeconds: number };
  readonly api: { readonly roomTokenTtlSeconds: number };
}

/**
 * The generation of the current keys, from 1 on. Dates are counted and not compared with the clock:
 * the same settings always make the same plan, and a date in the future counts at once.
 */
export const keyGeneration = ({ keys }: Pick<RotationSettings, "keys">): number =>
  keys.rotations.length + 1;

/**
 * The generations whose keys are valid, the current one first: the one before it too, unless revoked.
 * Older ones stay out even then: what they made has ended, or was to end with the revocation.
 */
export function keyGenerations(
  settings: Pick<RotationSettings, "keys">,
): readonly [number, ...number[]] {
  const current = keyGeneration(settings);
  const previous = current - 1;
  return previous < 1 || settings.keys.revoked.includes(previous) ? [current] : [current, previous];
}

/** The longest life of what a key makes, and the setting that says so. */
function longestTtl({ turn, api }: RotationSettings) {
  const ttls = [
    { setting: "turn.credentialTtlSeconds", seconds: turn.credentialTtlSeconds },
    { setting: "api.roomTokenTtlSeconds", seconds: api.roomTokenTtlSeconds },
  ] as const;
  return ttls[0].seconds >= ttls[1].seconds ? ttls[0] : ttls[1];
}

/** When the next rotation may be: undefined means at any time, as it ends no keys that are valid. */
export function earliestRotation(settings: RotationSettings): Date | undefined {
  const last = settings.keys.rotations.at(-1);
  const [, ending] = keyGenerations(settings);
  return last === undefined || ending === undefined
    ? undefined
    : after(last, longestTtl(settings).seconds);
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
 * generations of keys are valid at a time, so such a rotation would end them early. One that comes
 * with a revocation may: its very purpose is to end keys before their time.
 */
export function rotationProblems(settings: RotationSettings): RotationProblem[] {
  const { setting, seconds } = longestTtl(settings);
  const { rotations, revoked } = settings.keys;
  return rotations.flatMap((given, index, all) => {
    const before = all[index - 1];
    if (before === undefined) return [];
    // This date replaces generation `index + 1` and ends `index`: with a revoked one nothing more ends.
    const mayBeEarly = revoked.includes(index) || revoked.includes(index + 1);
    const earliest = after(before, mayBeEarly ? 1 : seconds);
    const order = Date.parse(given) - Date.parse(before);
    if (order > 0 && (mayBeEarly || Date.parse(given) >= earliest.getTime())) return [];
    const reason =
      order < 0
        ? "dates stand oldest first"
        : order === 0
          ? "the date before it is the same"
          : `what the keys before it made lives for ${seconds} s (${setting})`;
    return [{ index, given, wanted: `${toSeconds(earliest)} or later: ${reason}` }];
  });
}

/** A revoked generation that cannot be: its place in the list, and what would be right there. */
export interface RevokedProblem {
  readonly index: number;
  readonly given: number;
  readonly wanted: string;
}

/** Every revoked generation that is the current one, or that no keys were ever made for. */
export function revokedProblems({ keys }: Pick<RotationSettings, "keys">): RevokedProblem[] {
  const current = keyGeneration({ keys });
  const wanted =
    current === 1
      ? "none: the keys of generation 1 are the current ones, and only npm run revoke puts others in their place first"
      : `1 to ${current - 1}: the keys of generation ${current} are the current ones, and only npm run revoke puts others in their place first`;
  return keys.revoked.flatMap((given, index) =>
    given < current ? [] : [{ index, given, wanted }],
  );
}
