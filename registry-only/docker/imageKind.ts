import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { look } from "../../machine/look.ts";
import type { Change, Failure, Kind } from "../provider/kind.ts";
import { isProps } from "../provider/value.ts";
import type { Props } from "../provider/value.ts";
import { contextDigest } from "./buildContext.ts";
import type { BuildContext } from "./buildContext.ts";
import { imageTable } from "./imageTable.ts";

/**
 * `docker:index/image:Image`. It builds and pushes nothing. With a folder to record in, for tests, it
 * answers as if it had: one line of JSON for each build in `docker-image.jsonl` there, without the
 * password, and a digest made of what would have been built. Without one a build is refused, and
 * only previews work. A password is as secret as the program says: the official provider marks none.
 */
export const imageKind = (recordFolder: string | undefined): Kind => ({
  table: imageTable,
  check: (news) => [...dockerfileMissing(news), ...buildsOnPreview(news)],
  diff: contextChange,
  async create(inputs) {
    const outputs = await record("create", inputs, recordFolder);
    return { id: look(inputs).text("imageName"), outputs };
  },
  // As the official provider: what lies in the registry is not looked at.
  read: (id, outputs) => Promise.resolve({ id, outputs }),
  update: (_id, _olds, news) => record("update", news, recordFolder),
  delete: () => Promise.resolve(),
});

/** What is built; undefined while a preview does not know it. */
function contextOf(inputs: Props): BuildContext | undefined {
  const build = inputs["build"] ?? {};
  if (!isProps(build)) return undefined;
  const { context = ".", dockerfile } = build;
  if (typeof context !== "string") return undefined;
  if (dockerfile === undefined) return { context, dockerfile: join(context, "Dockerfile") };
  return typeof dockerfile === "string" ? { context, dockerfile } : undefined;
}

function dockerfileMissing(inputs: Props): readonly Failure[] {
  const place = contextOf(inputs);
  if (place === undefined || existsSync(place.dockerfile)) return [];
  const inContext = join(place.context, place.dockerfile);
  const mend = existsSync(inContext)
    ? `give ${inContext}`
    : "give its path from the program's folder";
  return [{ property: "build.dockerfile", reason: `${place.dockerfile} is not there; ${mend}` }];
}

const buildsOnPreview = ({ buildOnPreview }: Props): readonly Failure[] =>
  buildOnPreview === true
    ? [
        {
          property: "buildOnPreview",
          reason: `is true, but ${standIn} builds nothing; leave it out`,
        },
      ]
    : [];

function contextChange(olds: Props, news: Props): readonly Change[] {
  const place = contextOf(news);
  // A refresh compares before the program has made its context.
  if (place === undefined || !existsSync(place.context)) return [];
  if (olds["contextDigest"] === contextDigest(place)) return [];
  return [{ path: "build.contextDigest", kind: "update", replaces: false }];
}

const standIn = "the registry-only stand-in for docker";

/** Notes a build and answers what it would have made. */
async function record(
  operation: "create" | "update",
  inputs: Props,
  folder: string | undefined,
): Promise<Props> {
  const place = contextOf(inputs);
  if (folder === undefined || place === undefined) {
    throw new Error(
      `${standIn} builds and pushes no images; deploy from a machine that can download the ` +
        "official plugin",
    );
  }
  const given = look(inputs);
  const imageName = given.text("imageName");
  const digest = contextDigest(place);
  const built = JSON.stringify([digest, inputs["build"] ?? {}]);
  const imageDigest = `sha256:${createHash("sha256").update(built).digest("hex")}`;
  const outputs = {
    baseImageName: imageName,
    context: place.context,
    contextDigest: digest,
    dockerfile: relative(place.context, place.dockerfile),
    platform: given.text("build", "platform") || hostPlatform,
    registryServer: given.text("registry", "server"),
    // An image that is not pushed has no digest in a registry, but an id.
    repoDigest: given.flag("skipPush") ? imageDigest : `${repositoryOf(imageName)}@${imageDigest}`,
  };
  const line = { operation, ...inputs, registry: withoutPassword(inputs), ...outputs };
  await appendFile(join(folder, "docker-image.jsonl"), `${JSON.stringify(line)}\n`);
  return outputs;
}

const hostPlatform = `linux/${process.arch === "arm64" ? "arm64" : "amd64"}`;

const withoutPassword = ({ registry }: Props) =>
  isProps(registry) && registry["password"] !== undefined
    ? { ...registry, password: "[secret]" }
    : registry;

// Without the tag: a colon before the last slash belongs to the registry's port.
const repositoryOf = (imageName: string) => imageName.replace(/:[^:/]*$/, "");
