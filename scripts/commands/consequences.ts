/** What planned changes do to people who are in calls at that moment. */
import type { PlannedStep } from "../pulumi/plannedSteps.ts";

const INSTANCE = "aws:ec2/instance:Instance";
const ADDRESS = "aws:ec2/eip:Eip";
const DOCUMENT = "aws:s3/bucketObjectv2:BucketObjectv2";

/** Changes that EC2 makes to a stopped instance only (ModifyInstanceAttribute, EC2 API reference). */
const NEED_A_STOP: readonly string[] = [
  "instanceType",
  "ebsOptimized",
  "userData",
  "userDataBase64",
];

const ends = (step: PlannedStep) => step.operation === "replace" || step.operation === "delete";

/** A line each, the worst first; none where nobody in a call notices. */
export function consequences(steps: readonly PlannedStep[]): string[] {
  const of = (type: string) => steps.filter((it) => it.type === type);
  const instances = of(INSTANCE);
  // Processors of another kind make another resource: one is created and the other deleted.
  const comes = instances.some(({ operation }) => operation === "create");
  const isReplaced =
    instances.some(({ operation }) => operation === "replace") ||
    (comes && instances.some(({ operation }) => operation === "delete"));
  const isDeleted = instances.some(({ operation }) => operation === "delete") && !isReplaced;
  const stops = instances
    .filter(({ operation }) => operation === "update")
    .flatMap(({ changed }) => changed.filter((it) => NEED_A_STOP.includes(it)));
  const because = instances
    .filter(({ operation }) => operation === "replace")
    .flatMap(({ changed }) => changed);
  return [
    ...(of(ADDRESS).some(ends)
      ? [
          "THE ADDRESS CHANGES: clients find the node again only when DNS says so, and ICE URLs with it",
        ]
      : []),
    ...(isDeleted ? ["THE INSTANCE GOES: live relays and rooms end"] : []),
    ...(isReplaced
      ? [
          `THE INSTANCE IS REPLACED${because.length > 0 ? ` (${because.join(", ")})` : ""}: live relays and rooms end when the address moves to the new one, and clients reconnect`,
        ]
      : []),
    ...(stops.length > 0 && !isReplaced
      ? [
          `the instance is stopped and started (${[...new Set(stops)].join(", ")}): live relays and rooms end, and clients wait until it has booted`,
        ]
      : []),
    ...(of(DOCUMENT).some(({ operation }) => operation !== "create") && !isReplaced
      ? [
          "what the node runs changes: services whose settings, image or keys changed are started anew; if LiveKit is among them, live relays and rooms end, and clients reconnect",
        ]
      : []),
  ];
}

/** Keys, the parameters that hold them, the document that tells the node of them, and the note that the node runs it. */
const SERVICES =
  /^(?:random|tls):|^aws:(?:ssm\/parameter:Parameter|s3\/bucketObjectv2:BucketObjectv2)$|^pulumi:index:Stash$/;

/** Whether anything changes but keys and what the node runs: more than a change of keys comes to. */
export const isBeyondServices = (steps: readonly PlannedStep[]): boolean =>
  steps.some(({ type }) => !SERVICES.test(type));

/** `3 to create, 1 to replace`. */
export function stepCounts(steps: readonly PlannedStep[]): string {
  const counts = (["create", "update", "replace", "delete"] as const).flatMap((operation) => {
    const count = steps.filter((it) => it.operation === operation).length;
    return count > 0 ? [`${count} to ${operation}`] : [];
  });
  return counts.join(", ");
}
