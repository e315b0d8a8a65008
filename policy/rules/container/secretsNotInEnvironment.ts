import { secretsIn } from "../../secretText.ts";
import { containerRule } from "./containerRule.ts";

/** Names that hold a secret, but for those that hold where it lies, or a number about it. */
const isSecretName = (name: string): boolean =>
  /secret|passw(?:or)?d|passphrase|token|credential|api_?key|private_?key|access_?key|(?:^|_)keys?$/i.test(
    name,
  ) && !/public_?key/i.test(name);

/** A path, a whole number, a choice or nothing: no secret. What only begins as a path is found by `secretsIn`. */
const isPlain = (value: string): boolean => /^(?:\/.*|\d{1,9}|true|false)?$/i.test(value);

/** Whoever may ask the container engine reads the environment of a container, and so do its child processes. */
export const secretsNotInEnvironment = containerRule({
  name: "container-secrets-not-in-environment",
  description: "No secret is in a container's environment.",
  severity: "critical",
  mirrors: [],
  reads: ["environment"],
  judges: "all",
  check: ({ environment, inputs }) =>
    Object.entries(environment).flatMap(([name, value]) => {
      const kinds = secretsIn(`${name}=${value}`);
      const named =
        isSecretName(name) && !isPlain(value) ? ["a value that is called a secret"] : [];
      const [kind] = [...kinds, ...named];
      return kind === undefined
        ? []
        : [
            {
              what: "shows a secret to everyone who may ask the container engine",
              seen: `${inputs.environment} ${name} holds ${kind}`,
              mend: "put it into a file of mode 0400, and tell the program where the file is",
            },
          ];
    }),
});
