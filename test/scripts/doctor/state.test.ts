import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { EngineError } from "../../../machine/engineError.ts";
import { copyFindings, state } from "../../../scripts/doctor/checks/state.ts";
import { orphanFindings } from "../../../scripts/doctor/orphanFindings.ts";
import { parseStackRecord, readStackRecord } from "../../../scripts/doctor/stackRecord.ts";
import { contextWith } from "./context.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

let home: string;
let project: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "doctor-state-"));
  project = join(home, "project");
  mkdirSync(project);
  cpSync(join(ROOT, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
});
afterEach(() => rmSync(home, { recursive: true }));

const env = () => ({
  HOME: home,
  XDG_DATA_HOME: join(home, "data"),
  PULUMI_HOME: join(home, "pulumi"),
});
const backend = () => join(home, "data", "turnkey", "backend", ".pulumi");

function write(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const place = () => ({ stack: "dev", project, env: env(), signal: new AbortController().signal });

const noEngine = async () => {
  throw new EngineError("missing", "none", "install one");
};
const examine = () =>
  state.run(contextWith({ ...place(), engine: noEngine, record: () => readStackRecord(place()) }));
const told = async () => (await examine()).map(({ level, text }) => `${level} ${text}`);

const urn = (type: string, name: string) => `urn:pulumi:dev::turnkey::${type}::${name}`;
const stack = { urn: urn("pulumi:pulumi:Stack", "turnkey-dev"), type: "pulumi:pulumi:Stack" };
const stateText = (latest: object) =>
  JSON.stringify({ version: 3, checkpoint: { stack: "dev", latest } });
const writeState = (text: string) => write(join(backend(), "stacks", "turnkey", "dev.json"), text);

test("where nothing was ever deployed nothing is wrong", async () => {
  expect(await told()).toEqual([
    expect.stringMatching(/^ok state in .*; nothing is left over or locked$/),
    "unknown objects left in the engine: it does not answer",
  ]);
});

const lock = (content: object) =>
  write(
    join(backend(), "locks", "organization", "turnkey", "dev", "1.json"),
    JSON.stringify({
      username: "me",
      timestamp: new Date().toISOString(),
      hostname: hostname(),
      ...content,
    }),
  );

describe("locks", () => {
  test("of a process that has ended is a problem", async () => {
    lock({ pid: 4_194_303 });
    expect(await told()).toContainEqual(
      "problem the stack is locked by process 4194303, which ended without giving the lock back",
    );
  });

  test("of another machine may be held", async () => {
    lock({ pid: 1, hostname: "elsewhere" });
    expect(await told()).toContainEqual(
      expect.stringMatching(/^warning the stack is locked by process 1 on elsewhere since/),
    );
  });

  test("that was never finished is a problem, once it is too old to be still written", async () => {
    const file = lock({});
    writeFileSync(file, "{");
    utimesSync(file, 0, 0);
    expect(await told()).toContainEqual("problem the stack has a lock that was never finished");
  });
});

test("what an update was doing when it broke off is a problem, but for one that is under way", async () => {
  writeState(
    stateText({
      resources: [stack],
      pending_operations: [
        {
          type: "creating",
          resource: {
            urn: urn("docker:index/network:Network", "host-network"),
            type: "docker:index/network:Network",
          },
        },
      ],
    }),
  );
  const findings = await told();
  expect(findings).toContainEqual("problem an update broke off while it was creating host-network");
  expect(findings).toContainEqual(expect.stringMatching(/^problem stack "dev" lacks outputs/));

  write(
    join(backend(), "locks", "organization", "turnkey", "dev", "1.json"),
    JSON.stringify({
      pid: 1,
      username: "me",
      hostname: "elsewhere",
      timestamp: new Date().toISOString(),
    }),
  );
  expect((await told()).join("\n")).not.toContain("broke off");
});

test("a damaged state is a problem, and npm run up takes the one before it", async () => {
  const file = writeState('{"version": 3, "checkp');
  expect(await examine()).toContainEqual({
    level: "problem",
    text: `the state of the stack is damaged: ${file}`,
    mend: "npm run up takes the last whole state in its place",
  });
});

test("a passphrase is left over once nothing is encrypted with it any more", async () => {
  const file = write(join(home, "data", "turnkey", "passphrase"), "secret");
  expect(await told()).toContainEqual(
    `warning the passphrase ${file} is left of stacks that are gone`,
  );
  write(join(project, "Pulumi.other.yaml"), "encryptionsalt: v1:abc\n");
  expect((await told()).join("\n")).not.toContain("passphrase");
  rmSync(join(project, "Pulumi.other.yaml"));
  writeState(stateText({ resources: [stack] }));
  expect((await told()).join("\n")).not.toContain("passphrase");
});

test("copies that killed commands left are told", () => {
  expect(copyFindings([])).toEqual([]);
  expect(copyFindings(["/tmp/turnkey-stack-7-x"])).toMatchObject([
    { level: "warning", text: expect.stringContaining("/tmp/turnkey-stack-7-x") },
  ]);
});

const of = (name: string, kind: "container" | "volume") => ({
  kind,
  id: name,
  name,
  labels: { "dev.turnkey.stack": name },
});

test("objects in the engine of a stack that no backend has are told, by stack", () => {
  const objects = [of("dev", "container"), of("gone", "container"), of("gone", "volume")];
  expect(orphanFindings(objects, new Set(["dev"]))).toEqual([
    {
      level: "warning",
      text: 'the engine holds 2 objects of stack "gone", which is in no backend of this user',
      mend: expect.stringContaining("--filter label=dev.turnkey.stack=gone"),
    },
  ]);
  expect(orphanFindings(objects, new Set(["dev", "gone"]))).toEqual([]);
});

describe("a stack's record", () => {
  const outputs = {
    apiUrl: "http://127.0.0.1:7890",
    livekitUrl: "ws://127.0.0.1:7880",
    nodeAddress: "127.0.0.1",
    iceUrls: ["stun:127.0.0.1:443"],
    ports: [],
    caCertificate: "PEM",
    containers: { livekit: "turnkey-dev-livekit" },
    apiJwtSecret: {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "v1:x",
    },
  };
  const deployed = { resources: [{ ...stack, outputs }] };

  test.each([
    ["a state file", stateText(deployed)],
    ["pulumi stack export", JSON.stringify({ version: 3, deployment: deployed })],
  ])("is read from %s, without its secrets", (_what, text) => {
    const { apiJwtSecret: _secret, ...shown } = outputs;
    expect(parseStackRecord(text)).toEqual({ outputs: shown, resources: 1, pending: [] });
  });

  test("of a stack that was never updated has nothing", () => {
    expect(parseStackRecord('{"version":3,"checkpoint":{"stack":"dev","latest":{}}}')).toEqual({
      outputs: undefined,
      resources: 0,
      pending: [],
    });
  });

  test("in a backend of the user's is not told without the CLI", async () => {
    const elsewhere = { ...place(), env: { ...env(), PULUMI_BACKEND_URL: "s3://bucket" } };
    await expect(readStackRecord(elsewhere)).rejects.toThrow(
      /your own Pulumi backend \(PULUMI_BACKEND_URL\).* CLI, which is not installed/,
    );
  });
});
