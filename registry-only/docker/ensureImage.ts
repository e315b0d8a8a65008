import { withQuery, type DockerEngine } from "../../machine/dockerEngine.ts";
import { isNotFound } from "../../machine/engineError.ts";
import { look, type Look } from "../../machine/look.ts";

/** An image of that name or id as the engine has it (`docker image inspect`); undefined when it has none. */
export async function findImage(engine: DockerEngine, name: string): Promise<Look | undefined> {
  try {
    return look(await engine.json("GET", `/images/${encodeURIComponent(name)}/json`));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The image of that name: the one the engine has, whatever its age, otherwise pulled by the engine. */
export async function ensureImage(
  engine: DockerEngine,
  name: string,
  platform?: string,
): Promise<Look> {
  const found = await findImage(engine, name);
  if (found) return found;
  try {
    await pull(engine, name, platform);
  } catch (cause) {
    throw unobtainable(name, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const pulled = await findImage(engine, name);
  if (pulled) return pulled;
  throw unobtainable(name, "the pull ended without it", undefined);
}

const unobtainable = (name: string, why: string, cause: unknown) =>
  new Error(
    `image "${name}" is not on this machine and cannot be pulled: ${why} - ` +
      "mend the engine's way to the registry, or bring the image with `docker load`",
    { cause },
  );

/** The engine answers a pull with one JSON object a line; a failure is one of them, with status 200. */
async function pull(engine: DockerEngine, name: string, platform: string | undefined) {
  const answer = await engine.raw(
    "POST",
    withQuery("/images/create", { ...imageReference(name), platform: platform || undefined }),
  );
  answer.setEncoding("utf8");
  let progress = "";
  for await (const chunk of answer) progress += String(chunk);
  for (const line of progress.split("\n").filter((it) => it.trim())) {
    const error = look(JSON.parse(line)).text("error");
    if (error) throw new Error(error);
  }
}

/** Splits `repository[:tag][@digest]` as the pull wants it: a digest wins over the tag, which is `latest` by default. */
export function imageReference(name: string): { fromImage: string; tag: string } {
  const [tagged = "", digest] = name.split("@", 2);
  const colon = tagged.indexOf(":", tagged.lastIndexOf("/") + 1);
  const fromImage = colon < 0 ? tagged : tagged.slice(0, colon);
  return { fromImage, tag: digest ?? (colon < 0 ? "latest" : tagged.slice(colon + 1)) };
}
