import { posix } from "node:path";
import { peek } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";
import { known, textAt } from "../../subjects/seen.ts";
import { cisDocker, containerRule } from "./containerRule.ts";

/** A socket of a container engine, or a folder that holds one. */
const isSocket = (given: string): boolean => {
  const path = posix.normalize(given);
  return (
    /(?:docker|containerd|podman|crio|cri-dockerd)\.sock$/.test(path) ||
    /^(?:\/|\/run|\/var|\/var\/run|\/(?:var\/)?run\/(?:docker|containerd|podman|crio)|\/run\/user\/\d+)\/?$/.test(
      path,
    )
  );
};

/** Who can write to the engine's socket can start a container with the machine's files in it: is root there. */
const inContainers = containerRule({
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

/** Also of a volume that is a folder of the machine under another name. */
export const noDockerSocket: ResourceRule = {
  ...inContainers,
  checkResource(resource, config) {
    const device =
      resource.type === "docker:index/volume:Volume"
        ? known(textAt(peek(resource.props, "driverOpts"), "device"))
        : undefined;
    return device !== undefined && isSocket(device)
      ? [
          {
            what: "gives containers the socket of the container engine",
            seen: `driverOpts.device is ${JSON.stringify(device)}`,
            mend: "take driverOpts away: the engine then makes a folder of its own",
          },
        ]
      : inContainers.checkResource(resource, config);
  },
};
