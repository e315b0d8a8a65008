import { stateScript, type StatePlace } from "../state/stateScript.ts";
import { shortName } from "../pulumi/stackFiles.ts";
import { UserError } from "../userError.ts";
import type { StackOptions } from "./withStack.ts";

export interface StateOptions extends StackOptions {
  readonly bucket: string;
  readonly region: string;
  /** Of the KMS key, with or without `alias/`. */
  readonly keyAlias: string;
}

/** What may stand in the script: nothing that a shell reads. */
const wanted = {
  stack: [/^[\w.-]{1,100}$/, "a stack's name"],
  // Amazon S3 User Guide, bucket naming rules; a name with dots has no certificate of its own.
  bucket: [
    /^(?!xn--|sthree-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    "3 to 63 of a-z, 0-9 and -, unique in all of AWS",
  ],
  region: [/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1"],
  keyAlias: [/^(?!aws\/)[\w/-]{1,200}$/, "an alias such as turnkey-state"],
} as const satisfies Record<keyof StatePlace, readonly [RegExp, string]>;

const option = {
  stack: "--stack",
  bucket: "--bucket",
  region: "--region",
  keyAlias: "--key-alias",
} as const satisfies Record<keyof StatePlace, string>;

/** Throws a UserError that names every option that will not do. */
export function statePlace(options: StateOptions): StatePlace {
  const place: StatePlace = {
    stack: shortName(options.stack),
    bucket: options.bucket,
    region: options.region,
    keyAlias: options.keyAlias.replace(/^alias\//, ""),
  };
  const keys = ["stack", "bucket", "region", "keyAlias"] as const;
  const problems = keys
    .filter((key) => !wanted[key][0].test(place[key]))
    .map((key) => `${option[key]} is ${JSON.stringify(place[key])}; wanted is ${wanted[key][1]}`);
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  return place;
}

/** `npm run -s state`: prints the script, and does nothing itself. */
export function state(options: StateOptions): number {
  console.log(stateScript(statePlace(options)));
  return 0;
}
