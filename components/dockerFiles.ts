import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Folder, Service, ServiceFile } from "../plan/plan.ts";
import { dockerLabels } from "./dockerLabels.ts";
import type { HostArgs } from "./host.ts";

export interface DockerFilesArgs extends HostArgs {
  readonly service: Service;
  readonly folder: Folder;
  /** Of the volume; the container that fills it is named after it. */
  readonly volumeName: string;
  /** Any image will do, as nothing of it is run: the service's is here anyway. */
  readonly imageId: pulumi.Input<string>;
}

/**
 * The files of a folder, in a volume for a service's container to mount. The provider uploads to the
 * root of a container's file system, which a container with a read-only root refuses: so a second
 * container, which is never started, carries them there.
 */
export class DockerFiles extends pulumi.ComponentResource {
  /** The files are in it when this component is there: a container that mounts it depends on the component. */
  readonly volumeName: pulumi.Output<string>;
  /** Changes with the files' contents, and tells nothing about them. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: DockerFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:index:DockerFiles", name, {}, opts);
    const { plan, service, folder, volumeName, imageId } = args;
    const labels = dockerLabels(plan, service);
    const volume = new docker.Volume(
      `${name}-volume`,
      { name: volumeName, labels },
      { parent: this },
    );
    const carrier = new docker.Container(
      `${name}-carrier`,
      {
        name: `${volumeName}-files`,
        image: imageId,
        entrypoints: [...service.entrypoint],
        command: [...service.command],
        networkMode: "none",
        volumes: [{ volumeName: volume.name, containerPath: folder.path }],
        uploads: folder.files.map((file) => upload(file, args)),
        start: false,
        mustRun: false,
        labels,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.version = carrier.id;
    // Of the volume alone: what is made of the carrier is replaced with it, whether it changes or not.
    this.volumeName = volume.name;
    this.registerOutputs({ volumeName: this.volumeName, version: this.version });
  }
}

function upload(
  file: ServiceFile,
  { late, bundles }: HostArgs,
): docker.types.input.ContainerUpload {
  const target = { file: file.path, permissions: file.mode };
  if ("text" in file) return { ...target, content: file.text };
  if ("late" in file) {
    const content = late[file.late];
    if (content === undefined)
      throw new Error(`${file.path} holds ${file.late}, which is not given`);
    return { ...target, content };
  }
  const { path, sha256 } = bundles[file.bundle];
  return { ...target, source: path, sourceHash: sha256 };
}
