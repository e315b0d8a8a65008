/** A node on this machine: the agent as a real process in a folder of its own, before a fake of AWS, with fakes of the programs that it runs. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { issue } from "../../support/pki.ts";
import { portOf } from "../../support/portOf.ts";
import { until } from "../../support/until.ts";
import type { NodeDocument } from "../../../plan/nodeDocument.ts";
import { LATE, SECRETS, testDocument } from "./documents.ts";
import { BUCKET, type FakeAws, fakeAws } from "./fakeAws.ts";
import { type FakePrograms, fakePrograms } from "./fakePrograms.ts";
import { NODE_FOLDER, PYTHON_ENVIRONMENT } from "./python.ts";

const PARAMETERS = "/turnkey/prod";

/** What the agent tells of itself. */
export interface NodeStatus {
  readonly state: string;
  readonly wanted: string | null;
  readonly applied: string | null;
  readonly problem: string | null;
  readonly since: string;
}

export interface TestNode {
  readonly aws: FakeAws;
  readonly programs: FakePrograms;
  /** The document that a deployment would store. */
  readonly document: NodeDocument;
  /** What /readyz answers behind the edge. */
  readonly edge: { ready: boolean };
  /** Stores a document; without one, the first. */
  deploy(document?: unknown): string;
  /** Stores the same document with other values beside it. */
  deployWith(late: Readonly<Record<string, string>>): string;
  /** Starts the agent, or another of the node's scripts, which then has this task. */
  start(script?: string, task?: object): void;
  /** Ends the agent, as systemd would. */
  stop(): Promise<void>;
  /** Forgets what is in memory, as a boot does. */
  boot(): void;
  /** Waits until the agent tells as much. */
  until(holds: (status: NodeStatus) => boolean): Promise<NodeStatus>;
  /** The text of a file on the node. */
  read(path: string): string;
  /** Writes a file on the node. */
  put(path: string, text: string): void;
  /** Removes a file on the node. */
  discard(path: string): void;
  /** All that the agent printed. */
  printed(): string;
  remove(): Promise<void>;
}

export interface TestNodeOptions {
  /** Of prod, by group. */
  readonly settings?: Readonly<Record<string, object>>;
  /** What runs containers. Default: nothing does. */
  readonly engine?: "fake" | "real";
}

export async function testNode({
  settings = {},
  engine = "fake",
}: TestNodeOptions = {}): Promise<TestNode> {
  const root = mkdtempSync(join(tmpdir(), "turnkey-node-"));
  const aws = await fakeAws();
  const edge = { ready: true };
  const server = await edgeServer(edge);
  const document = testDocument({ ...settings, edge: { httpsPort: portOf(server) } });
  const programs = fakePrograms(
    root,
    document.services.map((it) => it.image),
    engine,
  );
  for (const [name, value] of Object.entries(SECRETS))
    aws.parameters.set(`${PARAMETERS}/${name}:3`, value);
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put("etc/os-release", 'NAME="Amazon Linux"\nID="amzn"\n');
  const services = ["s3", "ssm", "ecr", "monitoring", "logs"].map((it) => [it, `${aws.url}/${it}`]);
  const location = {
    stack: "prod",
    region: "eu-central-1",
    bucket: BUCKET,
    documentKey: "node/document.json",
    certificateKey: "node/certificate.json",
    parameterPath: PARAMETERS,
    logGroup: "/turnkey/prod/node",
    metricNamespace: "Turnkey/prod",
    endpoints: { metadata: aws.url, ...Object.fromEntries(services) },
  };
  put("etc/turnkey/node.json", JSON.stringify(location));
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  let agent: ChildProcess | undefined;
  let printed = "";

  const stop = async () => {
    if (agent?.exitCode === null && agent.signalCode === null) {
      agent.kill();
      await once(agent, "close");
    }
  };
  return {
    aws,
    programs,
    document,
    edge,
    deploy: (it = document) => aws.store(it, LATE),
    deployWith: (late) => aws.store(document, { ...LATE, ...late }),
    start(script = "agent.py", task = {}) {
      if (script !== "agent.py")
        put("run/turnkey/task.json", JSON.stringify({ node: location, ...task }));
      const path = `${programs.folder}${delimiter}${process.env["PATH"]}`;
      agent = spawn("python3", [join(NODE_FOLDER, script)], {
        env: {
          ...PYTHON_ENVIRONMENT,
          PATH: path,
          TURNKEY_ROOT: root,
          TURNKEY_POLL_SECONDS: "0.02",
          TURNKEY_WAIT_SECONDS: "0.02",
          TURNKEY_LOOK_SECONDS: "0.02",
          TURNKEY_EVERY_SECONDS: "0.02",
          TURNKEY_READY_SECONDS: engine === "fake" ? "0" : "60",
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      for (const stream of [agent.stdout, agent.stderr])
        stream?.on("data", (text: Buffer) => {
          printed += text.toString();
        });
    },
    stop,
    boot: () => rmSync(join(root, "run"), { recursive: true, force: true }),
    until: (holds) =>
      until(() => {
        try {
          const status: NodeStatus = JSON.parse(read("run/turnkey/status.json"));
          return holds(status) ? status : undefined;
        } catch {
          return undefined;
        }
      }, 25_000).catch((error: unknown) => {
        throw new Error(`the agent printed\n${printed}`, { cause: error });
      }),
    read,
    put,
    discard: (path) => rmSync(join(root, path)),
    printed: () => printed,
    async remove() {
      await stop();
      await aws.stop();
      server.closeAllConnections();
      server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** What stands for edge, API and LiveKit together. */
async function edgeServer(edge: { ready: boolean }) {
  const { pem, keyPem } = await issue({
    subject: "CN=edge",
    ip: ["127.0.0.1"],
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
  });
  const server = createServer({ cert: pem, key: keyPem }, (request, answer) => {
    if (request.url !== "/readyz?without=address") return answer.writeHead(404).end();
    const checks = { livekit: { ok: edge.ready, detail: "LiveKit cannot be reached" } };
    return answer.writeHead(edge.ready ? 200 : 503).end(JSON.stringify({ checks }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
