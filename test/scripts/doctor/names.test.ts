import { expect, test } from "@jest/globals";
import { names } from "../../../scripts/doctor/checks/names.ts";
import { checksFor } from "../../../scripts/doctor/checks.ts";
import type { DoctorOutputs } from "../../../scripts/doctor/stackRecord.ts";
import { contextWith } from "./context.ts";

const outputs = (leads: readonly string[]): DoctorOutputs => ({
  apiUrl: "https://localhost",
  livekitUrl: "wss://localhost",
  nodeAddress: "127.0.0.1",
  iceUrls: [],
  ports: [],
  containers: {},
  cloud: {
    region: "eu-central-1",
    instanceId: "i-0123",
    logGroup: "/turnkey/prod/node",
    alarmTopicArn: "arn",
    bucket: "b",
    names: [...leads],
  },
});
const look = (given: DoctorOutputs | undefined) =>
  names.run(
    contextWith({
      target: "aws",
      record: async () => ({ outputs: given, resources: 1, pending: [] }),
    }),
  );

test("a name that leads to the node is well", async () => {
  expect(await look(outputs(["localhost"]))).toEqual([
    { level: "ok", text: "localhost lead to 127.0.0.1" },
  ]);
});

test("a name that is not found comes with the record to add", async () => {
  expect(await look(outputs(["localhost", "nobody.invalid"]))).toEqual([
    {
      level: "problem",
      text: "the name nobody.invalid is not found",
      mend: "add the record nobody.invalid. A 127.0.0.1 where the domain is served",
    },
  ]);
});

test.each([
  ["nothing is deployed", undefined],
  ["clients come by the bare address", outputs([])],
])("nothing is wrong where %s", async (_claim, given) => {
  expect((await look(given)).map(({ level }) => level)).toEqual(["ok"]);
});

test("a stack on AWS is judged without Docker", () => {
  expect(checksFor("aws").map(({ name }) => name)).toEqual([
    "node",
    "cli",
    "settings",
    "disk",
    "state",
    "names",
    "deployment",
    "clock",
  ]);
});
