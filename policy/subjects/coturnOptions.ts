/** Options of coturn's `turnserver`, from its configuration file and its command line (src/apps/relay/mainrelay.c). */

/** Every value of each option, by its long name; a flag without a value has an empty text. */
export type CoturnOptions = ReadonlyMap<string, readonly string[]>;

const longNames: Readonly<Record<string, string>> = {
  a: "lt-cred-mech",
  z: "no-auth",
  u: "user",
  r: "realm",
  q: "user-quota",
  Q: "total-quota",
  b: "userdb",
  c: "config",
  n: "no-config",
};

/** Reads `turnserver.conf`: a line is a name, then `=` or blanks, then the value, perhaps quoted. */
export const readCoturnFile = (text: string): CoturnOptions =>
  collect(
    text.split(/\r?\n/).flatMap((line): Option[] => {
      const [, name, value = ""] = /^\s*([^\s#=][^\s=]*)[\s=]*(.*?)\s*$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value.replace(/^"(.*)"$/, "$1")]];
    }),
  );

/** Reads a command line; what comes before the program's name is its wrapper's. */
export function readCoturnArguments(words: readonly string[]): CoturnOptions {
  const program = words.findIndex((it) => /(?:^|\/)turnserver$/.test(it));
  const given = words.slice(program + 1);
  return collect(
    given.flatMap((word, index): Option[] => {
      const [, dashes, name = "", value] = /^(--?)([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
      if (dashes === undefined) return [];
      const next = given[index + 1] ?? "";
      return [
        [
          dashes === "-" ? (longNames[name] ?? name) : name,
          value ?? (next.startsWith("-") ? "" : next),
        ],
      ];
    }),
  );
}

/** Both: the command line's values come after the file's, and the last one of an option counts. */
export const mergeCoturnOptions = (file: CoturnOptions, command: CoturnOptions): CoturnOptions =>
  collect(
    [...file, ...command].flatMap(([name, values]) => values.map((it): Option => [name, it])),
  );

type Option = readonly [name: string, value: string];

function collect(options: readonly Option[]): CoturnOptions {
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of options) values.set(name, [...(values.get(name) ?? []), value]);
  return values;
}

/** The last value of an option. */
export const coturnValue = (options: CoturnOptions, name: string): string | undefined =>
  options.get(name)?.at(-1);

/** Whether a flag is on: it is where it stands without a value (get_bool_value). */
export function coturnFlag(options: CoturnOptions, name: string): boolean {
  const value = coturnValue(options, name);
  return value !== undefined && !/^(?:0|off|n|f)/i.test(value);
}
