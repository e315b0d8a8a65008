import { afterEach, describe, expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { Node, type NodeArgs } from "../../../components/aws/node.ts";
import { awsCloud, BOOT_ADDRESS, NEWEST_AMI } from "../../support/awsCloud.ts";
import { type Cloud, deploy, valueOf } from "../../support/engine.ts";
import {
  type Answer,
  applying,
  DOCUMENT,
  notReady,
  ready,
  readyNode,
  type ReadyNode,
  readyWith,
} from "../../support/readyNode.ts";

const nodes: ReadyNode[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  for (const it of nodes.splice(0)) await it.close();
});

const tags = { "turnkey:stack": "prod" };
const INSTANCE = "aws:ec2/instance:Instance";
const ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";
const NOTE = "pulumi:index:Stash";

function deployNode(
  changed: Partial<NodeArgs> = {},
  { cloud = awsCloud, runHooks = false }: { cloud?: Cloud; runHooks?: boolean } = {},
) {
  const notices = jest.spyOn(pulumi.log, "info").mockReset().mockResolvedValue();
  const deployed = deploy(
    () => {
      const document = new Standing("document");
      return new Node("node", {
        subnetId: "subnet-1",
        securityGroupId: "sg-1",
        instanceProfile: "profile-1",
        instanceType: "c7g.large",
        architecture: "arm64",
        volumeGib: 20,
        volumeKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
        userDataBase64: "I2Nsb3VkLWNvbmZpZwo=",
        allocationId: "eipalloc-1",
        publicIp: pulumi.output(BOOT_ADDRESS),
        httpsPort: 443,
        documentVersion: document.id.apply(() => DOCUMENT),
        readyWithinSeconds: 600,
        appliedWithinSeconds: 720,
        bootsAfter: document.id,
        tags,
        ...changed,
      });
    },
    { cloud, runHooks },
  );
  return deployed.then((it) => ({ ...it, notices: notices.mock.calls.map(([text]) => text) }));
}

/** Something that has to exist before the node. */
class Standing extends pulumi.CustomResource {
  constructor(name: string) {
    super("aws:s3/bucketObjectv2:BucketObjectv2", name);
  }
}

describe("the instance", () => {
  test("is hardened, encrypted, recovered and without a key pair", async () => {
    const { ofType, result } = await deployNode();
    expect(ofType(INSTANCE).map((it) => it.inputs)).toEqual([
      {
        ami: NEWEST_AMI,
        instanceType: "c7g.large",
        subnetId: "subnet-1",
        vpcSecurityGroupIds: ["sg-1"],
        associatePublicIpAddress: true,
        iamInstanceProfile: "profile-1",
        userDataBase64: "I2Nsb3VkLWNvbmZpZwo=",
        userDataReplaceOnChange: true,
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
          httpProtocolIpv6: "disabled",
          instanceMetadataTags: "disabled",
        },
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: 20,
          encrypted: true,
          kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/1",
          deleteOnTermination: true,
        },
        volumeTags: { ...tags, Name: "node" },
        maintenanceOptions: { autoRecovery: "default" },
        monitoring: true,
        ebsOptimized: true,
        tags: { ...tags, Name: "node" },
      },
    ]);
    expect(await valueOf(result.instanceId)).toBe("node-instance-arm64-id");
  });

  test("boots after what it needs is there, of which no value reaches it", async () => {
    const { ofType } = await deployNode();
    const [instance] = ofType(INSTANCE);
    expect(instance?.options.dependencies).toEqual(["document"]);
    const values = Object.values(instance?.options.inputDependencies ?? {});
    expect(values.length).toBeGreaterThan(10);
    expect(values.flat()).not.toContain("document");
    expect(instance?.options).toMatchObject({ parent: "node", deleteBeforeReplace: false });
  });
});

/** The image that is booted, and whose changes do not matter. */
async function amiOf(changed: Partial<NodeArgs>) {
  const [instance] = (await deployNode(changed)).ofType(INSTANCE);
  return [instance?.inputs["ami"], instance?.options.ignoreChanges];
}

describe("the image", () => {
  test("is the newest when the node is made, and kept from then on", async () => {
    expect(await amiOf({})).toEqual([NEWEST_AMI, ["ami"]]);
    expect(await amiOf({ architecture: "amd64" })).toEqual([`ami-0${"a".repeat(15)}b`, ["ami"]]);
  });

  test("of other processors goes to another machine beside the first, as the kept one boots on its own alone", async () => {
    for (const architecture of ["arm64", "amd64"] as const) {
      const { ofType } = await deployNode({ architecture });
      expect(ofType(INSTANCE).map((it) => it.name)).toEqual([`node-instance-${architecture}`]);
    }
  });

  test("is no secret, though its parameter's value is one to the provider", async () => {
    const parameter = "aws:ssm/getParameter:getParameter";
    const value = { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig };
    const functions = { [parameter]: () => ({ value: { ...value, value: NEWEST_AMI } }) };
    const [instance] = (await deployNode({}, { cloud: { ...awsCloud, functions } })).ofType(
      INSTANCE,
    );
    expect(instance?.inputs["ami"]).toBe(NEWEST_AMI);
  });

  test("is the one that settings name, so that another name replaces the node", async () => {
    expect(await amiOf({ ami: "ami-0123456789abcdef0" })).toEqual(["ami-0123456789abcdef0", []]);
  });

  test("that is newer than the node's is told, with the setting that takes it", async () => {
    const old = "ami-0bbbbbbbbbbbbbbbb";
    const outputs = { ...awsCloud.outputs, [INSTANCE]: () => ({ ami: old }) };
    expect((await deployNode({}, { cloud: { ...awsCloud, outputs } })).notices).toEqual([
      `there is a newer Amazon Linux 2023 image: the node has ${old}, the newest is ${NEWEST_AMI} - pulumi config set --path turnkey:aws.ami ${NEWEST_AMI} takes it and replaces the node`,
    ]);
    expect((await deployNode()).notices).toEqual([]);
  });
});

async function bootNode(answer: Answer) {
  const node = await readyNode(answer, { host: BOOT_ADDRESS });
  nodes.push(node);
  return node;
}

describe("the stack's address", () => {
  test("moves to the node, from whichever has it", async () => {
    const { ofType, result } = await deployNode();
    const [association] = ofType(ASSOCIATION);
    expect(association?.inputs).toEqual({
      allocationId: "eipalloc-1",
      instanceId: "node-instance-arm64-id",
      allowReassociation: true,
    });
    expect(association?.options).toMatchObject({
      parent: "node",
      beforeCreate: ["node-ready"],
      deleteBeforeReplace: false,
    });
    expect(await valueOf(result.associationId)).toBe("node-address-id");
  });

  test("does so only after the engine has heard from the node that it is ready", async () => {
    const node = await bootNode(ready);
    const { hookErrors, notices } = await deployNode({ httpsPort: node.port }, { runHooks: true });
    expect([...hookErrors]).toEqual([
      ["node-ready", ""],
      ["node-runs-document", ""],
    ]);
    // Once by each.
    expect(node.asked).toEqual(Array(2).fill("GET /readyz?without=address"));
    expect(notices).toEqual([
      `waiting up to 600 s for node-instance-arm64-id to be ready at https://${BOOT_ADDRESS}:${node.port}/readyz?without=address`,
    ]);
  });

  test("stays where it is when the node is not ready in time", async () => {
    const node = await bootNode(notReady);
    const args = { httpsPort: node.port, readyWithinSeconds: 0, appliedWithinSeconds: 0 };
    const error = (await deployNode(args, { runHooks: true })).hookErrors.get("node-ready");
    expect(error).toContain("node-instance-arm64-id was not ready within 0 s");
    expect(error).toContain("livekit: LiveKit cannot be reached");
    expect(error).toContain("the stack's address stays where it was");
  });
});

describe("the note that the node runs its document", () => {
  test("is taken of the version that was stored, by the node that has the address", async () => {
    const { ofType } = await deployNode();
    const [note] = ofType(NOTE);
    expect(note?.name).toBe("node-document");
    expect(note?.inputs).toEqual({ input: DOCUMENT });
    expect(note?.options).toMatchObject({
      parent: "node",
      dependencies: ["document", "node-address"],
      beforeCreate: ["node-runs-document"],
      beforeUpdate: ["node-runs-document"],
    });
  });

  test("is not taken while the node runs another", async () => {
    const node = await bootNode((response, index) =>
      (index === 0 ? ready : readyWith(applying(DOCUMENT, "version-0")))(response, index),
    );
    const args = { httpsPort: node.port, appliedWithinSeconds: 0 };
    const { hookErrors } = await deployNode(args, { runHooks: true });
    expect(hookErrors.get("node-ready")).toBe("");
    expect(hookErrors.get("node-runs-document")).toContain(
      "node-instance-arm64-id did not run what was deployed within 0 s",
    );
  });
});
