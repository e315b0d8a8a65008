import { expect, test } from "@jest/globals";
import { nextSteps } from "../../../scripts/commands/nextSteps.ts";
import { outputsTable } from "../../../scripts/commands/outputsTable.ts";
import { API_TOKEN } from "../../../turn/apiToken.ts";
import type { StackOutputs } from "../../../turn/outputs.ts";

const outputs: StackOutputs = {
  target: "docker",
  apiUrl: "http://127.0.0.1:7890",
  livekitUrl: "ws://127.0.0.1:7880",
  nodeAddress: "127.0.0.1",
  network: "host",
  turnDomain: "127.0.0.1",
  iceUrls: ["stun:127.0.0.1:443", "turn:127.0.0.1:443?transport=udp"],
  iceSources: [{ kind: "livekit", fallback: false }],
  ports: [
    {
      name: "metrics",
      protocol: "tcp",
      from: 6789,
      to: 6789,
      purpose: "LiveKit's Prometheus metrics",
      exposure: "node",
    },
  ],
  caCertificate: "PEM",
  livekitVersion: "1.13.11",
  containers: { livekit: "turnkey-dev-livekit" },
  signIn: { kind: "jwt", ...API_TOKEN },
  apiJwtSecret: "a".repeat(32),
  verifierKey: "d".repeat(32),
  roomKey: { key: "ROOM", secret: "b".repeat(32) },
  turnKey: { key: "TURN", secret: "c".repeat(32) },
  credentialTtlSeconds: 86_400,
  keyGeneration: 1,
};

test("up ends with addresses and commands that can be copied as they are", () => {
  expect(nextSteps({ stack: "dev", outputs, ownBackend: true })).toMatchInlineSnapshot(`
   "API              http://127.0.0.1:7890
   LiveKit          ws://127.0.0.1:7880
   ICE URLs         stun:127.0.0.1:443
                    turn:127.0.0.1:443?transport=udp

   a user's token   npm run -s token -- --user alice
   try it           curl -H "Authorization: Bearer $(npm run -s token -- --user alice)" http://127.0.0.1:7890/api/livekit/ice-config
   everything else  npm run outputs
   logs             npm run logs -- --follow
   prove it again   npm run verify
   plain Pulumi     eval "$(npm run -s env)" && npx pulumi preview --stack dev
   take it down     npm run down"
  `);
});

test("the pages that a stack serves are told, and no token where the application signs users in", () => {
  const { apiJwtSecret: _secret, ...others } = outputs;
  const text = nextSteps({
    stack: "dev",
    outputs: {
      ...others,
      signIn: { kind: "forward" },
      demoUrl: "http://127.0.0.1:7890/demo",
      diagnosticsUrl: "http://127.0.0.1:7890/diagnostics",
    },
    ownBackend: true,
  });
  expect(text).toMatch(/^a call to try +http:\/\/127\.0\.0\.1:7890\/demo$/m);
  expect(text).toMatch(/^diagnostics +http:\/\/127\.0\.0\.1:7890\/diagnostics$/m);
  expect(text).not.toContain("npm run -s token");
});

test("commands for another stack name it, and a user's own backend needs no exports", () => {
  const text = nextSteps({ stack: "two", outputs, ownBackend: false });
  expect(text).toContain("npm run -s token -- --stack two --user alice");
  expect(text).toContain("npm run down -- --stack two");
  expect(text).toContain("  npx pulumi preview --stack two");
});

test.each([
  [
    "the local CA is told to curl",
    "https://192.168.1.5",
    "/home/me/local-ca.crt",
    "curl --cacert /home/me/local-ca.crt -H",
  ],
  [
    "a certificate that is trusted anyway needs nothing",
    "https://turn.example.test",
    undefined,
    "curl -H",
  ],
  ["plain HTTP needs nothing", "http://127.0.0.1:7890", "/home/me/local-ca.crt", "curl -H"],
])("%s", (_claim, apiUrl, caFile, command) => {
  const text = nextSteps({
    stack: "dev",
    outputs: { ...outputs, apiUrl },
    ownBackend: true,
    caFile,
  });
  expect(text).toContain(`try it           ${command} "Auth`);
});

test("outputs show secrets only when they are asked for", () => {
  const secrets = [
    outputs.apiJwtSecret ?? "",
    outputs.verifierKey,
    outputs.roomKey.secret,
    outputs.turnKey.secret,
  ];
  for (const secret of secrets) {
    expect(outputsTable(outputs, true)).toContain(secret);
    expect(outputsTable(outputs, false)).not.toContain(secret);
  }
  expect(outputsTable(outputs, false)).toContain(
    "6789/tcp  LiveKit's Prometheus metrics  this machine only",
  );
});

test("outputs tell where a node in a cloud is, and no CA where a public one signs", () => {
  const { caCertificate: _ca, ...others } = outputs;
  const text = outputsTable(
    {
      ...others,
      target: "aws",
      cloud: {
        region: "eu-central-1",
        instanceId: "i-0123",
        logGroup: "/turnkey/prod/node",
        alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:alarms",
        bucket: "turnkey-prod",
        names: ["rtc.example.com"],
      },
    },
    false,
  );
  expect(text).toMatch(/^node +i-0123 in eu-central-1$/m);
  expect(text).toMatch(/^log group +\/turnkey\/prod\/node$/m);
  expect(text).toContain("the node only");
  expect(text).not.toContain("CA certificate");
});
