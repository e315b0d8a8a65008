import type { KindTable } from "../provider/kind.ts";

const text = { type: "string" } as const;

/**
 * From pulumi-docker 5.2's schema. The kind is not bridged from Terraform: it lists no defaults, and
 * whatever changes, the image is built and pushed again in place (provider/provider.go: Diff), but
 * not for another user or password of the registry, which are new with every token.
 */
export const imageTable: KindTable = {
  bridge: "framework",
  inputs: {
    imageName: { type: "string", required: true },
    build: {
      type: {
        object: {
          addHosts: { type: { list: "string" } },
          args: { type: { map: "string" } },
          builderVersion: { type: "string", oneOf: ["BuilderV1", "BuilderBuildKit"] },
          cacheFrom: { type: { object: { images: { type: { list: "string" } } } } },
          context: text,
          dockerfile: text,
          network: text,
          platform: text,
          target: text,
        },
      },
    },
    buildOnPreview: { type: "boolean", default: false },
    registry: {
      type: {
        object: {
          server: text,
          username: { type: "string", ignored: true },
          password: { type: "string", ignored: true },
        },
      },
    },
    skipPush: { type: "boolean", default: false },
  },
  outputs: {
    baseImageName: { renewed: true },
    context: { renewed: true },
    // What the image was built from; the official provider keeps it among the inputs.
    contextDigest: { renewed: true },
    dockerfile: { renewed: true },
    platform: { renewed: true },
    registryServer: { renewed: true },
    repoDigest: { renewed: true },
  },
};
