import type { Finding, ResourceRule } from "../../rule.ts";
import { containersOf } from "../../subjects/containers.ts";
import { isLivekit } from "../../subjects/livekitServers.ts";
import { serversOf } from "../../subjects/turnServers.ts";

/** From LiveKit's `--dev` and config-sample.yaml, and from coturn's sample. */
const published: ReadonlySet<string> = new Set([
  "devkey",
  "secret",
  "key1",
  "secret1",
  "key2",
  "secret2",
  "north",
  "logen",
]);

/** Whoever has read the manual has these keys: rooms and relays are open to everyone. */
export const defaultKeys: ResourceRule = {
  name: "turn-default-keys",
  description: "No server runs with keys that its manual prints.",
  level: "mandatory",
  severity: "critical",
  mirrors: [],
  checkResource: (resource) => [
    ...serversOf(resource).flatMap(({ place, part, secrets }) =>
      secrets
        .filter(({ key, text }) => published.has(key) || published.has(text))
        .map(({ input }) => finding(`${place}: ${input} is one that the manual prints`, part)),
    ),
    ...containersOf(resource)
      .filter((it) => isLivekit(it) && it.command.includes("--dev"))
      .map(({ part }) => finding("the command line has --dev, which sets devkey", part)),
  ],
};

const finding = (seen: string, part: string | undefined): Finding => ({
  what: "takes keys that everyone knows",
  seen,
  mend: "generate a key and a secret of 32 characters or more, in a key_file",
  ...(part === undefined ? {} : { part }),
});
