import { cisDocker, containerRule } from "./containerRule.ts";

/** A socket of a container engine, or a folder that holds one. */
const isSocket = (path: string): boolean =>
  /(?:docker|containerd|podman|crio|cri-dockerd)\.sock$/.test(path) ||
  /^(?:\/|\/run|\/var|\/var\/run|\/(?:var\/)?run\/(?:docker|containerd|podman|crio)|\/run\/user\/\d+)\/?$/.test(
    path,
  );

/** Who can write to the engine's socket can start a container with the machine's files in it: is root there. */
export const noDockerSocket = containerRule({
  name: "container-no-docker-socket",
  description: "No container sees the socket of the container engine.",
  severity: "critical",
  mirrors: [cisDocker("5.32")],
  reads: ["mounts"],
  judges: "all",
  check({ hostPaths, inputs }) {
    const sockets = hostPaths.filter(isSocket);
    return sockets.length === 0
      ? []
      : [
          {
            what: "can steer the container engine, which is as good as root on the machine",
            seen: `${inputs.mounts} hold ${sockets.join(", ")}`,
            mend: "take the mount away",
          },
        ];
  },
});
