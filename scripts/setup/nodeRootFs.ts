/** The system of a node that boots in a test: Debian with systemd and cloud-init, as an image of the Docker Engine. */
import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { cacheFolder } from "../../machine/folders.ts";
import { type DockerEngine, withQuery } from "../../machine/dockerEngine.ts";
import { isNotFound } from "../../machine/engineError.ts";
import { look } from "../../machine/look.ts";
import { Refusal, UserError } from "../userError.ts";
import { unpackPackages } from "./debianPackages.ts";
import { CONTENT_LABEL, LOCAL_PREFIX } from "./importImage.ts";
import { agree, consentHere } from "./privilege.ts";
import { CommandFailed, runCommand } from "./runCommand.ts";
import { runStep, type StepContext } from "./runStep.ts";

const SUITE = "bookworm";

/** What Amazon Linux 2023 has on an EC2 instance, as far as a node uses it, and Docker, as no mirror is reached while it boots. */
const PACKAGES = [
  "systemd",
  "systemd-sysv",
  "dbus",
  "cloud-init",
  "docker.io",
  "python3",
  "nftables",
  "iproute2",
  "openssl",
  "ca-certificates",
  "procps",
] as const;

/** Where a node finds the images that it cannot pull: an archive as `docker save` makes it. */
export const IMAGES_FILE = "/rig/images.tar";

/**
 * Docker's package under the name that it has on Amazon Linux, which user data ask for; no mirrors, so that
 * nothing waits for them; images that are there before the agent is; cloud-init that looks at nothing but the
 * seed it is given. A name and an id come with each boot.
 */
const FINISH = `set -e
mkdir -p /tmp/docker/DEBIAN
cat >/tmp/docker/DEBIAN/control <<END
Package: docker
Version: 1
Architecture: all
Maintainer: nobody <nobody@localhost>
Depends: docker.io
Description: Docker under its name on Amazon Linux
END
dpkg-deb --build /tmp/docker /tmp/docker.deb
dpkg --install /tmp/docker.deb
rm -r /tmp/docker /tmp/docker.deb /etc/apt/sources.list*
rm -f /etc/hostname
: >/etc/machine-id
systemctl mask console-getty.service
cat >/etc/systemd/system/rig-images.service <<END
[Unit]
After=docker.service
Requires=docker.service
Before=turnkey-agent.service
ConditionPathExists=${IMAGES_FILE}
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/docker load --quiet --input ${IMAGES_FILE}
[Install]
WantedBy=multi-user.target
END
systemctl enable rig-images.service
echo 'datasource_list: [NoCloud]' >/etc/cloud/cloud.cfg.d/10-datasource.cfg
echo 'network: {config: disabled}' >/etc/cloud/cloud.cfg.d/20-network.cfg`;

const recipe = () => JSON.stringify([SUITE, PACKAGES, FINISH, process.arch]);
const mark = () => createHash("sha256").update(recipe()).digest("hex").slice(0, 12);

/** Name and tag of the image; another recipe has another tag. */
export const nodeRootFs = () => `${LOCAL_PREFIX}node-system:${mark()}`;

const folderOfSystems = () => join(cacheFolder(), "node-system");
const archive = () => join(folderOfSystems(), `${SUITE}-${mark()}.tar`);

/** Debian's mmdebstrap, unpacked, and the keys of Debian's mirrors, which other systems have not got. */
async function fetchBuilder(folder: string, context: StepContext) {
  const fetch = async (name: string) => {
    const own = join(folder, name);
    mkdirSync(own);
    const purpose = `${name}, for the system of a node in tests`;
    return (await unpackPackages({ name, withLibraries: false, purpose, folder: own }, context))
      .root;
  };
  const builder = await fetch("mmdebstrap");
  const keys = await fetch("debian-archive-keyring");
  return {
    programs: join(builder, "usr/bin"),
    keyring: join(keys, "usr/share/keyrings/debian-archive-keyring.gpg"),
  };
}

/** Makes the archive of the system. Takes root, as its files belong to many users. */
async function makeArchive(before: readonly string[], context: StepContext): Promise<void> {
  const folder = folderOfSystems();
  mkdirSync(folder, { recursive: true });
  for (const it of readdirSync(folder)) rmSync(join(folder, it), { recursive: true });
  const work = mkdtempSync(join(folder, "work-"));
  try {
    const { programs, keyring } = await fetchBuilder(work, context);
    const fresh = join(work, "system.tar");
    // What nobody reads in a test.
    const unread = ["doc", "man", "locale", "info"].map((it) => `/usr/share/${it}/*`);
    const options = [
      "--mode=root",
      "--variant=minbase",
      "--format=tar",
      `--keyring=${keyring}`,
      ...unread.map((it) => `--dpkgopt=path-exclude=${it}`),
      `--include=${PACKAGES.join(",")}`,
      `--customize-hook=chroot "$1" sh -c "$TURNKEY_FINISH"`,
    ];
    const path = [programs, process.env["PATH"]].join(delimiter);
    const variables = [`TURNKEY_FINISH=${FINISH}`, `PATH=${path}`];
    const words = [...before, "env", ...variables, "mmdebstrap", ...options, SUITE, fresh];
    const [file = "env", ...args] = words;
    await runCommand({ file, args }, context);
    renameSync(fresh, archive());
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function hasSystem(engine: DockerEngine): Promise<boolean> {
  try {
    await engine.json("GET", `/images/${nodeRootFs()}/json`);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Systems by other recipes are of no use any more. */
async function removeOthers(engine: DockerEngine): Promise<void> {
  const [repository] = nodeRootFs().split(":");
  const filters = JSON.stringify({ reference: [repository] });
  const found = look(await engine.json("GET", withQuery("/images/json", { filters })));
  const tags = found.list().flatMap((it) => it.texts("RepoTags"));
  await Promise.all(
    tags
      .filter((it) => it !== nodeRootFs())
      .map((it) => engine.json("DELETE", withQuery(`/images/${it}`, { force: true }))),
  );
}

async function importArchive(engine: DockerEngine): Promise<void> {
  const [repo, tag] = nodeRootFs().split(":");
  const changes = `LABEL ${CONTENT_LABEL}=${mark()}`;
  const answer = await engine.raw(
    "POST",
    withQuery("/images/create", { fromSrc: "-", repo: repo ?? "", tag: tag ?? "", changes }),
    { body: createReadStream(archive()), contentType: "application/x-tar" },
  );
  const lines = (await text(answer)).split("\n").filter((it) => it.trim() !== "");
  const failure = lines.map((it) => look(JSON.parse(it)).text("error")).find(Boolean);
  if (failure) throw new UserError(`the system of a node was not imported: ${failure}`);
  await removeOthers(engine);
}

/** Sees that the engine has the system as an image. Throws a Refusal where it cannot be made. */
export async function readyNodeRootFs(engine: DockerEngine, yes: boolean): Promise<void> {
  if (await hasSystem(engine)) return;
  if (!existsSync(archive())) {
    const question = {
      problem: "a node that boots in a test needs a system of its own, and making it takes root",
      commands: [`mmdebstrap --include=${PACKAGES.join(",")} ${SUITE} ${archive()}`],
    };
    const before = await agree(question, consentHere(yes));
    await runStep("making the system of a node (about 2 minutes)", async (context) => {
      try {
        await makeArchive(before, context);
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
        throw new Refusal(
          ["the system of a node could not be made", ...error.lines].join("\n"),
          ["mend what mmdebstrap says, then run the same command again"],
          { cause: error },
        );
      }
    });
  }
  await runStep("importing the system of a node", () => importArchive(engine));
}
