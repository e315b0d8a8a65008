import { withQuery, type DockerEngine } from "../../machine/dockerEngine.ts";
import { EngineError, isNotFound } from "../../machine/engineError.ts";
import { look, type Look } from "../../machine/look.ts";
import type { Kind } from "../provider/kind.ts";
import type { Clock } from "./clock.ts";
import { containerBody, containerUpdate } from "./containerBody.ts";
import { containerCheck } from "./containerCheck.ts";
import { completed, containerState } from "./containerState.ts";
import { containerTable } from "./containerTable.ts";
import { ensureImage } from "./ensureImage.ts";
import { untilHealthy } from "./untilHealthy.ts";
import { uploadArchive } from "./uploadArchive.ts";

/**
 * `docker:index/container:Container`. In place it changes memory and restart policy and starts what
 * must run; every other change without replacement is only noted, as with the official provider.
 */
export const containerKind = (engine: DockerEngine, clock: Clock): Kind => ({
  table: containerTable,
  check: containerCheck,
  async create(inputs) {
    const name = look(inputs).text("name");
    await ensureImage(engine, look(inputs).text("image"));
    const files = uploadArchive(inputs["uploads"], new Date(clock.now()));
    const path = withQuery("/containers/create", { name });
    let id: string;
    try {
      id = look(await engine.json("POST", path, containerBody(inputs))).text("Id");
    } catch (error) {
      throw failed(name, "could not be made", error);
    }
    try {
      await connectNetworks(engine, id, look(inputs).list("networksAdvanced"));
      if (files) await upload(engine, id, files);
      if (look(inputs).flag("start")) await start(engine, id);
      if (look(inputs).flag("start") && look(inputs).flag("wait"))
        await untilHealthy(engine, clock, id, look(inputs).number("waitTimeout"));
      return { id, outputs: containerState(await inspect(engine, id), inputs) };
    } catch (error) {
      await remove(engine, id, true).catch(() => undefined);
      throw failed(name, "could not be brought up, and was removed", error);
    }
  },
  async read(id, outputs) {
    try {
      return { id, outputs: containerState(await inspect(engine, id), outputs) };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  },
  async update(id, olds, news) {
    if (look(news).flag("mustRun") && look(news).flag("start") && !look(olds).flag("mustRun"))
      await start(engine, id);
    if (["restart", "memory", "memorySwap"].some((name) => olds[name] !== news[name]))
      await engine.json("POST", `/containers/${id}/update`, containerUpdate(news));
    return completed(news);
  },
  async delete(id, outputs) {
    const graceSeconds = look(outputs).number("destroyGraceSeconds");
    try {
      // Without a grace it is killed at once, whatever stopTimeout says, as the official provider does.
      await engine.json("POST", withQuery(`/containers/${id}/stop`, { t: graceSeconds }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    await remove(engine, id, look(outputs).flag("removeVolumes"));
    await untilGone(engine, clock, id);
  },
});

const failed = (name: string, what: string, error: unknown) =>
  new Error(
    `container "${name}" ${what}: ${error instanceof Error ? error.message : String(error)}`,
    {
      cause: error,
    },
  );

const inspect = async (engine: DockerEngine, id: string) =>
  look(await engine.json("GET", `/containers/${id}/json`));

const start = (engine: DockerEngine, id: string) => engine.json("POST", `/containers/${id}/start`);

/** A container with networks of its own leaves the default one. */
async function connectNetworks(engine: DockerEngine, id: string, networks: Look[]): Promise<void> {
  if (networks.length === 0) return;
  try {
    await engine.json("POST", "/networks/bridge/disconnect", { Container: id, Force: false });
  } catch (error) {
    const elsewhere = error instanceof EngineError && error.what.includes("is not connected");
    if (!elsewhere) throw error;
  }
  for (const network of networks)
    await engine.json("POST", `/networks/${encodeURIComponent(network.text("name"))}/connect`, {
      Container: id,
      EndpointConfig: { Aliases: network.texts("aliases"), IPAMConfig: {} },
    });
}

/**
 * Files go to the container's root, as with the official provider (resource_docker_container_funcs.go,
 * `dstPath := "/"`): the engine refuses that for a read-only root even where the files lie in a volume.
 */
async function upload(engine: DockerEngine, id: string, archive: Buffer): Promise<void> {
  const answer = await engine.raw("PUT", withQuery(`/containers/${id}/archive`, { path: "/" }), {
    body: archive,
    contentType: "application/x-tar",
  });
  answer.resume();
}

async function remove(engine: DockerEngine, id: string, volumes: boolean): Promise<void> {
  try {
    await engine.json("DELETE", withQuery(`/containers/${id}`, { force: true, v: volumes }));
  } catch (error) {
    const onItsWay = error instanceof EngineError && error.what.includes("already in progress");
    if (!isNotFound(error) && !onItsWay) throw error;
  }
}

/** A removal that was under way already ends by itself; its name is free only then. */
async function untilGone(engine: DockerEngine, clock: Clock, id: string): Promise<void> {
  for (const end = clock.now() + 30_000; clock.now() < end; await clock.sleep(100)) {
    try {
      await inspect(engine, id);
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
  }
  throw new Error(`container ${id} is still there 30 s after its removal`);
}
