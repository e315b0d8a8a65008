/** The agent as a file: it fits into user data, and runs in the oldest Python that a node has. */
import { readdirSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { packedUserData, USER_DATA_BYTES, userData } from "../../plan/userData.ts";
import { NODE_FOLDER, nodeText, python } from "./support/python.ts";

const files = readdirSync(NODE_FOLDER).filter((it) => it.endsWith(".py"));

test("leaves room in the user data", () => {
  const location = {
    stack: "a-stack-with-a-long-name",
    region: "ap-southeast-1",
    bucket: "turnkey-a-stack-with-a-long-name-123456789012-ap-southeast-1",
    documentKey: "node/document.json",
    certificateKey: "node/certificate.json",
    parameterPath: "/turnkey/a-stack-with-a-long-name",
    logGroup: "/turnkey/a-stack-with-a-long-name/node",
    metricNamespace: "Turnkey/a-stack-with-a-long-name",
  };
  const packed = Buffer.from(packedUserData(userData(location, nodeText("agent.py"))), "base64");
  expect(packed.length).toBeLessThan(USER_DATA_BYTES / 2);
});

test.each(files)("%s is Python 3.9, which Amazon Linux 2023 has", (name) => {
  const parse = "len(ast.parse(given, feature_version=(3, 9)).body)";
  expect(python("ast", parse, nodeText(name))).toBeGreaterThan(1);
});
