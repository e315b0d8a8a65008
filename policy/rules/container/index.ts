/** Rules for containers: those of the Docker provider, and the services of a node document. */
import type { AnyRule } from "../../rule.ts";
import { capabilities } from "./capabilities.ts";
import { containerUser } from "./containerUser.ts";
import { healthCheck } from "./healthCheck.ts";
import { hostNamespaces } from "./hostNamespaces.ts";
import { hostNetwork } from "./hostNetwork.ts";
import { imagePinned } from "./imagePinned.ts";
import { internalPorts } from "./internalPorts.ts";
import { logRotation } from "./logRotation.ts";
import { noDockerSocket } from "./noDockerSocket.ts";
import { noNewPrivileges } from "./noNewPrivileges.ts";
import { notPrivileged } from "./notPrivileged.ts";
import { portsOnOneInterface } from "./portsOnOneInterface.ts";
import { publishedPortCount } from "./publishedPortCount.ts";
import { readOnlyRoot } from "./readOnlyRoot.ts";
import { resourceLimits } from "./resourceLimits.ts";
import { restartPolicy } from "./restartPolicy.ts";
import { secretsNotInEnvironment } from "./secretsNotInEnvironment.ts";

export const containerRules: readonly AnyRule[] = [
  imagePinned,
  containerUser,
  capabilities,
  readOnlyRoot,
  noNewPrivileges,
  resourceLimits,
  healthCheck,
  restartPolicy,
  noDockerSocket,
  notPrivileged,
  hostNamespaces,
  hostNetwork,
  portsOnOneInterface,
  internalPorts,
  publishedPortCount,
  secretsNotInEnvironment,
  logRotation,
];
