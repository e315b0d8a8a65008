import { describe, expect, test } from "@jest/globals";
import { pendingIn, planMending, withAdopted } from "../../../scripts/pulumi/pendingOperations.ts";

const operation = (type: string, resource: string, inputs?: Record<string, unknown>) => ({
  type,
  resource: { urn: `urn:pulumi:dev::turnkey::${resource}::it`, type: resource, inputs },
});
const CONTAINER = "docker:index/container:Container";
const NETWORK = "docker:index/network:Network";
const VOLUME = "docker:index/volume:Volume";

describe("what may be in the engine without being in the state", () => {
  test("is what was being created there, in the order in which it can be removed", () => {
    const { begun } = planMending([
      operation("creating", VOLUME, { name: "turnkey-dev-api" }),
      operation("creating", NETWORK, { name: "turnkey-dev" }),
      operation("creating", CONTAINER, { name: "turnkey-dev-api" }),
    ]);
    expect(begun).toEqual([
      { kind: "container", name: "turnkey-dev-api" },
      { kind: "network", name: "turnkey-dev" },
      { kind: "volume", name: "turnkey-dev-api" },
    ]);
  });

  test.each(["updating", "deleting", "reading", "importing"])(
    "is nothing that an update was %s, as the state names it",
    (type) => {
      expect(planMending([operation(type, CONTAINER, { name: "turnkey-dev-api" })])).toEqual({
        begun: [],
        imports: [],
        unknown: [],
      });
    },
  );

  test.each([
    "random:index/randomPassword:RandomPassword",
    "tls:index/locallySignedCert:LocallySignedCert",
    "docker:index/remoteImage:RemoteImage",
    "pulumi:providers:docker",
    "turnkey:index:DockerHost",
  ])("is nothing of the kind %s", (kind) => {
    expect(planMending([operation("creating", kind, { name: "x" })])).toEqual({
      begun: [],
      imports: [],
      unknown: [],
    });
  });

  test("cannot be told of other kinds", () => {
    const creating = operation("creating", "aws:ec2/eip:Eip");
    expect(planMending([creating]).unknown).toEqual([creating.resource.urn]);
  });

  test("is looked for in AWS where its name is known, and made again where that does no harm", () => {
    const bucket = operation("creating", "aws:s3/bucket:Bucket", { bucket: "turnkey-prod" });
    const policy = operation("creating", "aws:s3/bucketPolicy:BucketPolicy", {});
    expect(planMending([bucket, policy])).toEqual({
      begun: [],
      imports: [{ urn: bucket.resource.urn, id: "turnkey-prod" }],
      unknown: [],
    });
  });
});

describe("an exported state", () => {
  const inputs = { name: "turnkey-dev" };
  test("tells its pending operations", () => {
    const pending_operations = [operation("creating", NETWORK, inputs)];
    const exported = JSON.stringify({
      version: 3,
      deployment: { manifest: {}, pending_operations },
    });
    expect(pendingIn(exported)).toEqual(pending_operations);
  });

  test.each(['{"version":3}', '{"deployment":null}', '{"deployment":{"resources":[]}}'])(
    "%s has none",
    (exported) => {
      expect(pendingIn(exported)).toEqual([]);
    },
  );
});

test("a creation that may have ended becomes a resource behind the others, and all else stays", () => {
  const bucket = operation("creating", "aws:s3/bucket:Bucket", { bucket: "b" });
  const updating = operation("updating", "aws:s3/bucket:Bucket");
  const other = operation("creating", "aws:ec2/eip:Eip");
  const exported = {
    version: 3,
    deployment: {
      manifest: { time: "t" },
      resources: [{ urn: "urn:a", type: "t" }],
      pending_operations: [
        other,
        bucket,
        { ...updating, resource: { ...updating.resource, urn: "u" } },
      ],
    },
  };
  const adopted: unknown = JSON.parse(
    withAdopted(JSON.stringify(exported), [{ urn: bucket.resource.urn, id: "b" }]),
  );
  expect(adopted).toEqual({
    version: 3,
    deployment: {
      manifest: { time: "t" },
      resources: [
        { urn: "urn:a", type: "t" },
        { ...bucket.resource, id: "b" },
      ],
      pending_operations: [other, { ...updating, resource: { ...updating.resource, urn: "u" } }],
    },
  });
});
