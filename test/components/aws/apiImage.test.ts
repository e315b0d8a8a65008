import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { ApiImage, type ApiImageArgs } from "../../../components/aws/apiImage.ts";
import { apiImageContent } from "../../../plan/apiImageTag.ts";
import { NODE_IMAGE } from "../../../plan/images.ts";
import { awsCloud } from "../../support/awsCloud.ts";
import { prod } from "../../support/awsPlace.ts";
import { deploy, drawn, holdsSecret, plain, valueOf } from "../../support/engine.ts";

const IMAGE = "docker:index/image:Image";
const REPOSITORY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/turnkey/prod/api";
const bundles = {
  api: { path: ".turnkey/api.mjs", sha256: "aa" },
  diagnosticsPage: { path: ".turnkey/diagnostics-page.json", sha256: "bb" },
};
const content = apiImageContent({
  dockerfile: readFileSync("api/Dockerfile", "utf8"),
  base: NODE_IMAGE,
  platform: "linux/arm64",
  files: ["aa", "bb"],
});

const deployImage = (changed: Partial<ApiImageArgs> = {}) =>
  deploy(() => new ApiImage("api", { ...prod, architecture: "arm64", bundles, ...changed }), {
    cloud: awsCloud,
  });

test("the repository scans what comes, takes a tag once, is protected, and keeps what a document may name", async () => {
  const { result, ofType } = await deployImage();
  const [repository] = ofType("aws:ecr/repository:Repository");
  expect(repository?.inputs).toEqual({
    name: "turnkey/prod/api",
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "AES256" }],
    forceDelete: true,
    tags: { "turnkey:stack": "prod", team: "calls", Name: "turnkey/prod/api" },
  });
  expect(repository?.options).toMatchObject({ protect: true, parent: "api" });
  const [lifecycle] = ofType("aws:ecr/lifecyclePolicy:LifecyclePolicy");
  expect(lifecycle?.inputs["repository"]).toBe("turnkey/prod/api");
  expect(JSON.parse(String(lifecycle?.inputs["policy"]))).toMatchObject({
    rules: [{ selection: { countNumber: 21 }, action: { type: "expire" } }],
  });
  expect(await valueOf(result.repositoryArn)).toBe(
    "arn:aws:ecr:eu-central-1:123456789012:repository/turnkey/prod/api",
  );
});

test("the image is built of the bundles for the node's processors and pushed by a tag of its content", async () => {
  const { result, ofType } = await deployImage();
  const [image] = ofType(IMAGE);
  expect(plain(image?.inputs)).toEqual({
    imageName: `${REPOSITORY}:${content}-${drawn("api-tag", 12)}`,
    build: {
      context: ".turnkey",
      dockerfile: "api/Dockerfile",
      platform: "linux/arm64",
      args: { NODE_IMAGE },
    },
    buildOnPreview: false,
    registry: { server: REPOSITORY, username: "AWS", password: "a registry's password" },
    skipPush: false,
  });
  expect(holdsSecret(image?.inputs["registry"])).toBe(true);
  expect(holdsSecret(image?.inputs["imageName"])).toBe(false);
  expect(await valueOf(result.reference)).toBe("the-repository@sha256:the-digest");
  expect(await pulumi.isSecret(result.reference)).toBe(false);
});

const keepers = async (changed?: Partial<ApiImageArgs>) =>
  (await deployImage(changed)).ofType("random:index/randomString:RandomString")[0]?.inputs[
    "keepers"
  ];

test("the tag's end is drawn anew with the content: ECR takes no tag again, and contents come back", async () => {
  expect(await keepers()).toEqual({ content });
  const other = { ...bundles.api, sha256: "cc" };
  expect(await keepers({ architecture: "amd64" })).not.toEqual({ content });
  expect(await keepers({ bundles: { ...bundles, api: other } })).not.toEqual({ content });
  expect(await keepers({ bundles: { ...bundles, diagnosticsPage: other } })).not.toEqual({
    content,
  });
});

test("of a given image nothing is built, and it is taken as it is", async () => {
  const given = "registry.example/api:1.2.3";
  const { result, resources } = await deployImage({ image: given });
  expect(resources.map((it) => it.name)).toEqual(["api"]);
  expect(await valueOf(result.reference)).toBe(given);
  expect(result.repositoryArn).toBeUndefined();
});

test("built by hand, the image begins with the same Node", () => {
  expect(readFileSync("api/Dockerfile", "utf8")).toContain(`ARG NODE_IMAGE=${NODE_IMAGE}\n`);
});

test("what the Dockerfile copies is what the builder gets, under the names of the bundles", () => {
  const copied = [...readFileSync("api/Dockerfile", "utf8").matchAll(/^COPY (\S+) /gm)];
  const given = [...readFileSync("api/Dockerfile.dockerignore", "utf8").matchAll(/^!(\S+)$/gm)];
  const names = Object.values(bundles).map(({ path }) => basename(path));
  expect(copied.map(([, name]) => name)).toEqual(names);
  expect(given.map(([, name]) => name)).toEqual(names);
});
