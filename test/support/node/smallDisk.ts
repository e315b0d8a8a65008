/** A node's disk that can be full without this machine's being full. */
import { IMAGES_FILE } from "../../../scripts/setup/nodeRootFs.ts";
import { onNode } from "./faults.ts";
import type { Rig } from "./rig.ts";

const DISK = "/rig-disk";
const MIB = 900;
const CHANGE_MS = 240_000;
/** All that the node writes while it runs, but for what is in memory. */
const PLACES = ["/var/lib/docker", "/var/lib/containerd", "/var/lib/turnkey", "/var/log"];

/**
 * What a node does whose disk is another one from the next start on: ends all that writes, and starts with an
 * engine that has nothing but the images.
 */
const CHANGE = `set -e
systemctl stop 'turnkey-*.service'
docker ps --quiet | xargs --no-run-if-empty docker kill
systemctl stop docker.socket docker.service containerd.service
mkdir ${DISK}
mount -t tmpfs -o size=${MIB}m,mode=0755 tmpfs ${DISK}
for it in ${PLACES.join(" ")}; do
  mkdir -p ${DISK}$it
  case $it in /var/lib/turnkey|/var/log) cp -a $it/. ${DISK}$it/ ;; esac
  mount --bind ${DISK}$it $it
done
systemctl restart systemd-journald.service
systemctl start containerd.service docker.service
docker load --quiet --input ${IMAGES_FILE}
systemctl start turnkey-agent.service`;

/** Has the node write to a small disk in place of its own. */
export const useSmallDisk = (rig: Rig): Promise<string> =>
  rig.node.run(["sh", "-c", CHANGE], CHANGE_MS);

/** Fills that disk to the last block. */
export const fillDisk = (rig: Rig): Promise<string> =>
  onNode(
    rig,
    `for size in 1M 4k 512; do dd if=/dev/zero bs=$size of=$(mktemp ${DISK}/filler-XXXXXX) 2>/dev/null || true; done`,
  );

/** Takes away what filled it. */
export const freeDisk = (rig: Rig): Promise<string> => onNode(rig, `rm ${DISK}/filler-*`);
