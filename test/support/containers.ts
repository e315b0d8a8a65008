/** Containers as they are in the engine: what counts of them, and one in another's place. */
import { withQuery, type DockerEngine } from "../../machine/dockerEngine.ts";
import { look, type Look } from "../../machine/look.ts";

export const inspect = async (engine: DockerEngine, name: string): Promise<Look> =>
  look(await engine.json("GET", `/containers/${name}/json`));

/**
 * What a container was made with, and how it does; of the label that changes with its files, only that it is there.
 * One that was never started has no health.
 */
export async function essence(engine: DockerEngine, name: string) {
  const it = await inspect(engine, name);
  const host = it.at("HostConfig");
  return {
    status: it.text("State", "Status"),
    health: it.text("State", "Health", "Status"),
    image: it.text("Image"),
    program: [...it.texts("Config", "Entrypoint"), ...it.texts("Config", "Cmd")],
    environment: it.texts("Config", "Env").toSorted(),
    labels: it
      .entries("Config", "Labels")
      .map(([label, value]) => (label === "dev.turnkey.files" ? label : `${label}=${value.text()}`))
      .toSorted(),
    user: it.text("Config", "User"),
    healthcheck: it.at("Config", "Healthcheck").value,
    binds: host.texts("Binds").toSorted(),
    tmpfs: host.textMap("Tmpfs"),
    readOnly: host.flag("ReadonlyRootfs"),
    capabilities: [host.texts("CapAdd"), host.texts("CapDrop")],
    memory: [host.number("Memory"), host.number("MemorySwap")],
    nanoCpus: host.number("NanoCpus"),
    restart: host.text("RestartPolicy", "Name"),
    ports: it.at("NetworkSettings", "Ports").value,
    networks: it.entries("NetworkSettings", "Networks").map(([network]) => network),
  };
}

/** Puts another container in a container's place: started, with its name, and like it but for the changes. */
export async function remake(
  engine: DockerEngine,
  name: string,
  { config = {}, host = {} }: { readonly config?: object; readonly host?: object },
): Promise<void> {
  const it = await inspect(engine, name);
  const networks = it.entries("NetworkSettings", "Networks").map(([network]) => [network, {}]);
  await engine.json("DELETE", withQuery(`/containers/${name}`, { force: true }));
  await engine.json("POST", withQuery("/containers/create", { name }), {
    ...Object(it.at("Config").value),
    ...config,
    HostConfig: { ...Object(it.at("HostConfig").value), ...host },
    NetworkingConfig: { EndpointsConfig: Object.fromEntries(networks) },
  });
  await engine.json("POST", `/containers/${name}/start`);
}
