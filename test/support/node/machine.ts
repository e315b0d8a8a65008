/** The node: a container that boots systemd, as far from this machine's engine as a container gets. */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { stringify } from "yaml";
import { type DockerEngine, withQuery } from "../../../machine/dockerEngine.ts";
import { look } from "../../../machine/look.ts";
import { IMAGES_FILE, nodeRootFs } from "../../../scripts/setup/nodeRootFs.ts";
import { inspect } from "../containers.ts";
import type { Keeper } from "./keeper.ts";
import { NETWORK } from "./places.ts";

/** What systemd, cloud-init and an engine inside need; not all there is, as `privileged` would be. */
const CAPABILITIES =
  "SYS_ADMIN NET_ADMIN NET_RAW SYS_PTRACE SYS_CHROOT MKNOD DAC_READ_SEARCH SYS_NICE AUDIT_WRITE AUDIT_CONTROL SYSLOG IPC_LOCK LEASE SYS_BOOT SYS_TTY_CONFIG";

/**
 * Opens what an engine gives a container to look at only: its own part of the cgroups, and the network's
 * settings, which are the namespace's own. The rest below /proc/sys is this machine's and stays closed; so
 * are those of the network's that no namespace sets, and files that can be written stand in for them. systemd
 * comes once the network is plugged in.
 */
const FIRST = `set -e
while read -r _ at kind _; do
  case $kind in cgroup|cgroup2) mount -o remount,bind,rw "$at" ;; esac
done </proc/mounts
mkdir /run/proc
mount -t proc proc /run/proc
mount --bind /run/proc/sys/net /proc/sys/net
umount -l /run/proc
mkdir /run/machine
for it in core/rmem_max core/rmem_default core/wmem_max netfilter/nf_conntrack_max; do
  at=/proc/sys/net/$it own=/run/machine/\${it#*/}
  [ -e "$at" ] || continue
  cat "$at" >"$own"
  mount --bind "$own" "$at"
done
until ip route show default | grep -q .; do sleep 0.1; done
exec /sbin/init`;

export interface BootArgs {
  readonly userData: Buffer;
  /** PEM of a CA that the system trusts beside the usual ones, which a node in AWS has no need of. */
  readonly ca: string;
  /** An archive of images, as `docker save` makes it. */
  readonly images: string;
  readonly instanceId: string;
  readonly hostName: string;
  readonly folder: string;
}

export interface NodeMachine {
  /** Of the first process, whose namespaces are the node's. */
  readonly pid: number;
  /** Runs a command in it, and gives what it printed. Throws that, and the console, when it fails or takes longer. */
  run(command: readonly string[], withinMs: number): Promise<string>;
  /** The end of what the node wrote to its console. */
  console(): Promise<string>;
  /** Takes its power away. */
  switchOff(): Promise<void>;
  /** Gives it back, and gives the id of the first process: the network has to be plugged in again. */
  switchOn(): Promise<number>;
}

/** cloud-init's seed: what AWS would hand out is there as files (cloud-init reference, "NoCloud"). */
function seed({ userData, ca, instanceId, hostName, folder }: BootArgs): string {
  const place = join(folder, `seed-${instanceId}`);
  mkdirSync(place, { recursive: true });
  // What the place brings along goes by vendor data: the user's are as they are in production.
  const vendor = stringify({ ca_certs: { trusted: [ca] }, locale: false });
  const files = {
    "user-data": userData,
    "vendor-data": `#cloud-config\n${vendor}`,
    "meta-data": stringify({ "instance-id": instanceId, "local-hostname": hostName }),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(place, name), content);
  return place;
}

/** Switches it on; it waits for a network to be plugged in. */
export async function startMachine(
  engine: DockerEngine,
  keeper: Keeper,
  args: BootArgs,
): Promise<NodeMachine> {
  const name = `turnkey-node-${randomBytes(4).toString("hex")}`;
  keeper.note("sh", "-c", `docker rm --force --volumes ${name} >/dev/null 2>&1 || true`);
  await engine.json("POST", withQuery("/containers/create", { name }), {
    Image: nodeRootFs(),
    Hostname: args.hostName,
    Entrypoint: ["/bin/sh", "-c", FIRST],
    Env: ["container=docker"],
    Labels: { "turnkey.test": "node" },
    StopSignal: "SIGRTMIN+3",
    Tty: true,
    Volumes: { "/var/lib/docker": {} },
    HostConfig: {
      Binds: [`${seed(args)}:/var/lib/cloud/seed/nocloud:ro`, `${args.images}:${IMAGES_FILE}:ro`],
      CapAdd: CAPABILITIES.split(" "),
      CgroupnsMode: "private",
      Dns: [NETWORK.resolver],
      NetworkMode: "none",
      SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined"],
      Tmpfs: { "/run": "rw,nosuid,nodev,mode=0755", "/tmp": "rw,nosuid,nodev,mode=1777" },
    },
  });
  await engine.json("POST", `/containers/${name}/start`);
  const console = async () => {
    const query = { stdout: true, stderr: true, tail: 60 };
    return text(await engine.raw("GET", withQuery(`/containers/${name}/logs`, query)));
  };
  return {
    pid: (await inspect(engine, name)).number("State", "Pid"),
    console,
    switchOff: async () => {
      await engine.json("POST", `/containers/${name}/kill`);
    },
    switchOn: async () => {
      await engine.json("POST", `/containers/${name}/wait`);
      await engine.json("POST", `/containers/${name}/start`);
      return (await inspect(engine, name)).number("State", "Pid");
    },
    run: async (command, withinMs) => {
      const failed = async (how: string, printed = "") =>
        new Error(
          [
            `${command.join(" ")} ${how} in the node`,
            printed,
            "its console:",
            await console(),
          ].join("\n"),
        );
      const { Id: id } = await made(engine, name, command);
      const answer = await engine.raw("POST", `/exec/${id}/start`, {
        body: Buffer.from(JSON.stringify({ Tty: true })),
        contentType: "application/json",
      });
      const timer = setTimeout(() => answer.destroy(new Error("too late")), withinMs);
      let printed: string;
      try {
        printed = (await text(answer)).replaceAll("\r\n", "\n");
      } catch {
        throw await failed(`took longer than ${withinMs} ms`);
      } finally {
        clearTimeout(timer);
      }
      const code = look(await engine.json("GET", `/exec/${id}/json`)).number("ExitCode");
      if (code !== 0) throw await failed(`ended with ${code}`, printed);
      return printed;
    },
  };
}

async function made(engine: DockerEngine, name: string, command: readonly string[]) {
  const created = await engine.json("POST", `/containers/${name}/exec`, {
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
    Cmd: command,
  });
  return { Id: look(created).text("Id") };
}
