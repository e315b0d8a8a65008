import { dirname } from "node:path";

/** The folder that holds Pulumi.yaml and package.json. */
export const project = dirname(dirname(import.meta.dirname));
