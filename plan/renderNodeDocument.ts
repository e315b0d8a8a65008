import type { DocumentFile, DocumentService, NodeDocument } from "./nodeDocument.ts";
import type { LateName, Plan, Service, ServiceFile } from "./plan.ts";

/** The first port that any user may open without a capability, for services that run as nobody. */
const UNPRIVILEGED = "net.ipv4.ip_unprivileged_port_start";

/**
 * The node document of a plan. `secrets` are the late files that reach the node as secrets; what the
 * certificate's files hold otherwise comes from the node's own certificate; `scripts` are what applies it.
 */
export const renderNodeDocument = (
  plan: Plan,
  secrets: ReadonlySet<string>,
  scripts: NodeDocument["scripts"],
): NodeDocument => ({
  format: 1,
  stack: plan.stack,
  services: plan.services.map((it) => documentService(it, secrets)),
  logs: plan.logs,
  ports: plan.ports,
  sysctls: { [UNPRIVILEGED]: String(Math.min(...plan.ports.map(({ from }) => from))) },
  scripts,
  ...(plan.acme === undefined ? {} : { acme: plan.acme }),
});

/** Of what is known late, what a plan's services have in files: that much is to reach the node. */
export function secretsOf<T>(
  { services }: Pick<Plan, "services">,
  late: Readonly<Partial<Record<LateName, T>>>,
): Partial<Record<LateName, T>> {
  const files = services.flatMap(({ folders }) => folders.flatMap((it) => it.files));
  const wanted = new Set(files.flatMap((it) => ("late" in it ? [it.late] : [])));
  return Object.fromEntries([...wanted].flatMap((it) => (late[it] ? [[it, late[it]]] : [])));
}

function documentService(service: Service, secrets: ReadonlySet<string>): DocumentService {
  if (service.network !== "host")
    throw new Error(`service ${service.name} wants a network of its own, which a node has none of`);
  const { name, image, entrypoint, command, environment, scratch, user } = service;
  const { stopSignal, capabilities, healthCheck, limits } = service;
  return {
    name,
    image,
    entrypoint,
    command,
    environment,
    folders: service.folders.map(({ path, live, files }) => ({
      path,
      live,
      files: files.map((it) => documentFile(it, secrets)),
    })),
    scratch,
    user,
    stopSignal,
    capabilities,
    network: "host",
    readOnly: true,
    noNewPrivileges: true,
    healthCheck,
    limits: {
      memoryMib: limits.memoryMib,
      cpus: limits.cpus,
      stopSeconds: limits.stopSeconds,
    },
  };
}

function documentFile(file: ServiceFile, secrets: ReadonlySet<string>): DocumentFile {
  const { path, mode } = file;
  if ("text" in file) return { path, mode, text: file.text };
  if ("bundle" in file)
    throw new Error(`${path} is a bundle, which a node has in an image instead`);
  // On a node it belongs to the user of its service, and is nobody else's.
  if (secrets.has(file.late)) return { path, mode: "0400", parameter: file.late };
  if (file.late === "certificate") return { path, mode, certificate: "chain" };
  if (file.late === "certificateAndKey") return { path, mode, certificate: "chainAndKey" };
  throw new Error(`${path} holds ${file.late}, which a node gets from nowhere`);
}
