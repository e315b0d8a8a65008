/** Says in our words what to do about the failures of Pulumi that people meet most. */
import { npmRun } from "../npmRun.ts";
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

/** A command of ours waits for others, but plain Pulumi may come in between. */
const locked = ({ stack }: Circumstances) =>
  new UserError(`another update of stack "${stack}" has begun meanwhile, or one was killed`, [
    "run this again, it waits until the other has ended",
    `if it was killed: eval "$(npm run -s env)" && npx pulumi cancel --stack ${stack}`,
  ]);

/** For a disk that ran full under an operation. */
export const explainFullDisk = ({ backend }: Pick<Circumstances, "backend">): UserError => {
  const where = backend.owner === "turnkey" ? ` that holds ${backend.folder}` : "";
  return new UserError(`the disk${where} is full: the state could not be written`, [
    "make room there (docker image prune and npm run clean may help)",
    "then run this again: it goes on from the last state that was written whole",
  ]);
};

/** Texts of Pulumi, its docker provider and the Docker Engine, with what they mean here. */
const explanations: readonly {
  readonly symptom: RegExp;
  readonly explain: (found: string, circumstances: Circumstances) => UserError;
}[] = [
  {
    symptom: /no space left on device|disk quota exceeded/i,
    explain: (_found, it) => explainFullDisk(it),
  },
  {
    symptom: /failed to load checkpoint/,
    explain: (_found, { stack }) =>
      new UserError(`the state of stack "${stack}" is damaged, as a full disk leaves it`, [
        `go on from the last whole one: ${npmRun("up", stack)}`,
      ]),
  },
  {
    symptom: /stack is currently locked by|another update is currently in progress/i,
    explain: (_found, it) => locked(it),
  },
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
