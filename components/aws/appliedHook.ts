import * as pulumi from "@pulumi/pulumi";
import { askReady, READY_PATH } from "../../machine/askReady.ts";
import { type Patience, waitReady } from "../../machine/waitReady.ts";
import { known } from "./known.ts";

export interface AppliedHookArgs {
  /** Of the node; told in messages. */
  readonly instanceId: pulumi.Output<string>;
  /** The stack's address. */
  readonly address: pulumi.Output<string>;
  readonly httpsPort: number;
  /** Version of the document object that was stored. */
  readonly documentVersion: pulumi.Output<string>;
  readonly patience: Patience;
  /** Hears what is waited for. */
  readonly tell: (text: string) => Promise<void>;
}

/**
 * Settles once the node at the stack's address runs the document that was stored. Throws when the node
 * refuses it, or patience ends: what it does instead, and where to look.
 */
export async function documentIsApplied(args: AppliedHookArgs): Promise<void> {
  const { httpsPort: port, patience, tell } = args;
  const [instanceId, host, documentVersion] = await Promise.all([
    known(args.instanceId),
    known(args.address),
    known(args.documentVersion),
  ]);
  const url = `https://${host}:${port}${READY_PATH}`;
  const answer = await waitReady(
    () => askReady({ host, port, documentVersion }),
    patience,
    (why) => tell(`waiting up to ${patience.seconds} s for ${instanceId} at ${url}: ${why}`),
  );
  if (answer.ready) return;
  const look = `aws ssm start-session --target ${instanceId}; there sudo cat /run/turnkey/status.json and sudo journalctl -u 'turnkey-*' say why`;
  const lines = answer.refused
    ? [
        `${instanceId} does not run what was deployed (${url}): ${answer.why}`,
        look,
        "mend it and deploy again, or deploy what was there before: every update asks the node until it runs what was deployed; to have it try the same once more, remove /var/lib/turnkey/refused.json there and restart turnkey-agent",
      ]
    : [
        `${instanceId} did not run what was deployed within ${patience.seconds} s (${url}): ${answer.why}`,
        `it goes on by itself, and falls back to what it ran before if that document does not work; ${look}`,
        "deploy again to go on waiting; aws.readyWithinSeconds gives it more time",
      ];
  throw new Error(lines.join("\n"));
}

/** Runs `documentIsApplied` before the resource that has it is created or updated; never at preview. */
export const appliedHook = (name: string, args: AppliedHookArgs): pulumi.ResourceHook =>
  new pulumi.ResourceHook(name, () => documentIsApplied(args));
