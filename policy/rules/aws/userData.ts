const KEYS = ["userData", "userDataBase64"] as const;

/** The user data that an instance is given, by the input it stands in. Ends a rule where it is not known yet. */
export const userDataOf = (
  props: Readonly<Record<string, unknown>>,
): readonly (readonly [key: string, text: string])[] =>
  KEYS.flatMap((key) => {
    const text = props[key];
    return typeof text === "string" ? [[key, text] as const] : [];
  });
