import * as pulumi from "@pulumi/pulumi";
import { askReady, READY_PATH } from "../../machine/askReady.ts";
import { type Patience, waitReady } from "../../machine/waitReady.ts";
import { known } from "./known.ts";

export interface ReadyHookArgs {
  /** Of the node that is waited for; told in messages. */
  readonly instanceId: pulumi.Output<string>;
  /** The address that AWS gave it when it booted. */
  readonly bootAddress: pulumi.Output<string>;
  readonly httpsPort: number;
  /** Version of the document object that it has to run. */
  readonly documentVersion: pulumi.Output<string>;
  readonly patience: Patience;
  /** Hears what is waited for. */
  readonly tell: (text: string) => Promise<void>;
}

/** Settles once the node answers that it is ready with its document; throws what it lacked when patience ends. */
export async function nodeIsReady(args: ReadyHookArgs): Promise<void> {
  const { httpsPort: port, patience, tell } = args;
  const [instanceId, host, documentVersion] = await Promise.all([
    known(args.instanceId),
    known(args.bootAddress),
    known(args.documentVersion),
  ]);
  if (host === "")
    throw new Error(
      `${instanceId} has no public address of its own to be asked at, and the stack's stays where it was - refresh the stack, or replace the node`,
    );
  const url = `https://${host}:${port}${READY_PATH}`;
  await tell(`waiting up to ${patience.seconds} s for ${instanceId} to be ready at ${url}`);
  const answer = await waitReady(
    () => askReady({ host, port, documentVersion }),
    patience,
    (why) => tell(`${instanceId} is not ready yet: ${why}`),
  );
  if (answer.ready) return;
  const within = answer.refused
    ? "will not be ready"
    : `was not ready within ${patience.seconds} s`;
  throw new Error(
    [
      `${instanceId} ${within} (${url}): ${answer.why}`,
      "the stack's address stays where it was, and a node that had it is untouched",
      `look at the new one (aws ssm start-session --target ${instanceId}), mend what is wrong and deploy again: it is asked again, or replaced if what it boots with changed; aws.readyWithinSeconds gives a slower one more time`,
    ].join("\n"),
  );
}

/** Runs `nodeIsReady` before the resource that has it is created; never at preview. */
export const readyHook = (name: string, args: ReadyHookArgs): pulumi.ResourceHook =>
  new pulumi.ResourceHook(name, () => nodeIsReady(args));
