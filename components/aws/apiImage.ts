import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { apiImageContent } from "../../plan/apiImageTag.ts";
import { repositoryName } from "../../plan/awsPlace.ts";
import { VERSIONS_KEPT } from "../../plan/documentBucket.ts";
import { NODE_IMAGE } from "../../plan/images.ts";
import type { Architecture } from "../../settings/aws.ts";
import type { Bundle } from "../host.ts";

/** Relative to the program, as the state names it. */
const DOCKERFILE = "api/Dockerfile";
const ROOT = join(import.meta.dirname, "..", "..");

export interface ApiImageArgs {
  readonly stack: string;
  readonly architecture: Architecture;
  /** A reference with a digest or a version; nothing is built then. */
  readonly image?: string | undefined;
  /** What the image holds, in one folder. */
  readonly bundles: Readonly<Record<"api" | "diagnosticsPage", Bundle>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The image that runs the API on a node: a given one, or one that is built here and pushed to a repository of the stack's own. */
export class ApiImage extends pulumi.ComponentResource {
  /** With a digest, where it is built here. */
  readonly reference: pulumi.Output<string>;
  /** Undefined where the image is given. */
  readonly repositoryArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: ApiImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:ApiImage", name, {}, opts);
    if (args.image === undefined) {
      const repository = this.declareRepository(name, args);
      this.reference = this.build(name, repository, args);
      this.repositoryArn = repository.arn;
    } else this.reference = pulumi.output(args.image);
    this.registerOutputs({ reference: this.reference });
  }

  /** Encrypted by ECR's own key: what is in it is this repository's code, and no secret. */
  private declareRepository(name: string, { stack, tags }: ApiImageArgs): aws.ecr.Repository {
    const called = repositoryName(stack);
    const repository = new aws.ecr.Repository(
      `${name}-repository`,
      {
        name: called,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        // Once its protection is lifted: every image can be built again.
        forceDelete: true,
        tags: { ...tags, Name: called },
      },
      { parent: this, protect: true },
    );
    new aws.ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      { repository: repository.name, policy: JSON.stringify(lifecycle) },
      { parent: this },
    );
    return repository;
  }

  private build(
    name: string,
    repository: aws.ecr.Repository,
    { architecture, bundles }: ApiImageArgs,
  ): pulumi.Output<string> {
    const platform = `linux/${architecture}`;
    const content = apiImageContent({
      dockerfile: readFileSync(join(ROOT, DOCKERFILE), "utf8"),
      base: NODE_IMAGE,
      platform,
      files: [bundles.api.sha256, bundles.diagnosticsPage.sha256],
    });
    // ECR takes a tag once. Who goes back to an earlier content needs another tag for it.
    const attempt = new random.RandomString(
      `${name}-tag`,
      { length: 6, special: false, upper: false, keepers: { content } },
      { parent: this },
    );
    const { userName, password } = aws.ecr.getAuthorizationTokenOutput(
      { registryId: repository.registryId },
      { parent: this },
    );
    const image = new docker.Image(
      `${name}-image`,
      {
        imageName: pulumi.interpolate`${repository.repositoryUrl}:${content}-${attempt.result}`,
        build: {
          context: dirname(bundles.api.path),
          dockerfile: DOCKERFILE,
          platform,
          args: { NODE_IMAGE },
        },
        registry: {
          server: repository.repositoryUrl,
          username: userName,
          password: pulumi.secret(password),
        },
      },
      { parent: this },
    );
    return image.repoDigest;
  }
}

/** As many images as there may be documents that name one. */
const lifecycle = {
  rules: [
    {
      rulePriority: 1,
      description: `Keeps the newest ${VERSIONS_KEPT + 1}`,
      selection: {
        tagStatus: "any",
        countType: "imageCountMoreThan",
        countNumber: VERSIONS_KEPT + 1,
      },
      action: { type: "expire" },
    },
  ],
};
