/** The one interface behind which every check of `npm run doctor` lies. */
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Finding } from "./finding.ts";
import type { StackRecord } from "./stackRecord.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What checks look at. What takes time is asked for once, by the first check that needs it. */
export interface DoctorContext {
  readonly stack: string;
  /** Where the stack runs, as its file says; `docker` where that cannot be told. */
  readonly target: "docker" | "aws";
  /** The folder that holds Pulumi.yaml. */
  readonly project: string;
  readonly env: Environment;
  readonly now: () => Date;
  /** Aborted when the time of all checks is up. */
  readonly signal: AbortSignal;
  /** The Docker Engine, once it has answered. Throws an EngineError when it does not. */
  readonly engine: () => Promise<DockerEngine>;
  /** What the backend has of the stack, undefined when there is no such stack. Throws NotTold when it cannot be read. */
  readonly record: () => Promise<StackRecord | undefined>;
  /** The plan of the stack's settings. Throws a UserError when they are wrong. */
  readonly plan: () => Promise<Plan>;
}

/** A check only looks: it installs nothing, changes nothing and asks nothing. */
export interface Check {
  readonly run: (context: DoctorContext) => readonly Finding[] | Promise<readonly Finding[]>;
}

/** Thrown by a check, or what it looks at, when something cannot be told from here. */
export class NotTold extends Error {
  override readonly name = "NotTold";
  readonly mend: string | undefined;

  constructor(why: string, mend?: string, options?: ErrorOptions) {
    super(why, options);
    this.mend = mend;
  }
}
