/** Says in our words what to do about the failures of Pulumi that people meet most. */
import { UserError } from "../userError.ts";
import type { Backend } from "./backend.ts";
import type { Passphrase } from "./passphrase.ts";

/** What the explanations need to know besides the failure. */
export interface Circumstances {
  readonly stack: string;
  readonly backend: Backend;
  readonly passphrase: Passphrase;
}

function wrongPassphrase({ stack, backend, passphrase }: Circumstances): UserError {
  const wrong = (source: string, mend: string[]) =>
    new UserError(
      `wrong passphrase: ${source} is not what stack "${stack}" was encrypted with`,
      mend,
    );
  if (passphrase.owner === "turnkey")
    return wrong(`the one in ${passphrase.file}`, [
      "set PULUMI_CONFIG_PASSPHRASE to the one it was encrypted with",
    ]);
  const { variable } = passphrase;
  return wrong(`the one in ${variable}`, [
    `set ${variable} to the one it was encrypted with`,
    ...(backend.owner === "turnkey"
      ? [`or unset ${variable}, and Turnkey takes the passphrase it generated itself`]
      : []),
  ]);
}

const missingImage = (image: string) =>
  new UserError(`the image ${image} cannot be had`, [
    `see why: docker pull ${image}`,
    "check the network and the Docker Engine's proxy; a private registry needs docker login",
    "or name an image you have in the stack's settings: livekit.image, api.image",
  ]);

/** Texts of Pulumi, its docker provider and the Docker Engine, with what they mean here. */
const explanations: readonly {
  readonly symptom: RegExp;
  readonly explain: (found: string, circumstances: Circumstances) => UserError;
}[] = [
  { symptom: /incorrect passphrase/, explain: (_found, it) => wrongPassphrase(it) },
  { symptom: /unable to (?:find or )?pull image (\S+?):?(?:\s|$)/, explain: missingImage },
  { symptom: /No such image: (\S+)/, explain: missingImage },
  { symptom: /image "(\S+)" is not on this machine and cannot be pulled/, explain: missingImage },
  {
    symptom: /:(\d+) failed: port is already allocated/,
    explain: (port) =>
      new UserError(`port ${port} was taken while the stack was being deployed`, [
        "end what took it, then run this again",
      ]),
  },
  {
    symptom: /container failed to be in healthy state|was not healthy within/,
    explain: () =>
      new UserError("a container was started and did not become healthy", [
        "see what it says: npm run logs",
      ]),
  },
];

/** The first explanation whose symptom is in the text of a failure; undefined when none is. */
export function explain(failure: string, circumstances: Circumstances): UserError | undefined {
  for (const { symptom, explain: tell } of explanations) {
    const found = symptom.exec(failure);
    if (found) return tell(found[1] ?? "", circumstances);
  }
  return undefined;
}
