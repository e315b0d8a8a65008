import type { Plan, Service } from "../plan/plan.ts";

/** Every object that a stack makes in the Docker Engine carries this label with the stack's name. */
export const STACK_LABEL = "dev.turnkey.stack";

/** The labels of an object: its stack, and its service if it belongs to one. */
export const dockerLabels = ({ stack }: Plan, service?: Service) => [
  { label: STACK_LABEL, value: stack },
  ...(service ? [{ label: "dev.turnkey.service", value: service.name }] : []),
];
