import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, status } from "@grpc/grpc-js";
import type { ClientReadableStream, ServiceError } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { AnalyzerClient, AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import {
  LanguageRuntimeClient,
  LanguageRuntimeService,
} from "@pulumi/pulumi/proto/language_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/language_pb.js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { Children } from "../../registry-only/languageHost/children.ts";
import { firstLine } from "../../registry-only/languageHost/firstLine.ts";
import { packRun } from "../../registry-only/languageHost/packRun.ts";
import { languageService } from "../../registry-only/languageHost/service.ts";
import { listen } from "../../registry-only/plugin/listen.ts";
import type { Listening } from "../../registry-only/plugin/listen.ts";
import { isRunning, until } from "../support/until.ts";

/** For processes on a busy machine: milliseconds. */
const patience = 20_000;

/** What the engine says about a stack. */
function stackDev(): analyzer.AnalyzerStackConfigureRequest {
  const stack = new analyzer.AnalyzerStackConfigureRequest()
    .setProject("turnkey")
    .setStack("dev")
    .setDryRun(true);
  stack.getConfigMap().set("turnkey:target", "docker");
  stack.getTagsMap().set("team", "calls");
  return stack;
}

const packRequest = (folder: string, env: readonly string[] = []) =>
  new pb.RunPluginRequest()
    .setKind("analyzer")
    .setPwd("/elsewhere")
    .setArgsList(["127.0.0.1:1"])
    .setEnvList([...env])
    .setInfo(new pb.ProgramInfo().setProgramDirectory(folder).setRootDirectory(folder));

const run = (env: readonly string[], stack?: analyzer.AnalyzerStackConfigureRequest) =>
  packRun(packRequest("/pack", env), "/sdk/run-policy-pack.js", "/cache", stack);

describe("a policy pack is started as the official host starts it", () => {
  test("in its folder, which is its argument after the engine's address", () => {
    const { args, cwd } = run([]);
    expect(args).toEqual(["/sdk/run-policy-pack.js", "127.0.0.1:1", "/pack"]);
    expect(cwd).toBe("/pack");
  });

  test("with the environment that the engine names, and no other", () => {
    expect(run(["A=1", "B=x=y", "C=", "A=2"]).env).toEqual({
      A: "2",
      B: "x=y",
      C: "",
      NODE_COMPILE_CACHE: "/cache",
    });
  });

  test("with the compile cache that the environment names", () => {
    expect(run(["NODE_COMPILE_CACHE=/mine"]).env).toEqual({ NODE_COMPILE_CACHE: "/mine" });
  });

  test("with the stack in its environment; what the stack does not have is left out", () => {
    expect(run([], stackDev()).env).toEqual({
      NODE_COMPILE_CACHE: "/cache",
      PULUMI_NODEJS_PROJECT: "turnkey",
      PULUMI_NODEJS_STACK: "dev",
      PULUMI_NODEJS_DRY_RUN: "true",
      PULUMI_CONFIG: '{"turnkey:target":"docker"}',
    });
  });
});

test.each([
  [["80\nrest"], "80", ["rest"]],
  [["8", "0", "\n", "a\nb", "c"], "80", ["a\nb", "c"]],
  [[" 80 \r\n"], "80", []],
])("of a stream that comes as %j, the first line is taken off", async (parts, line, others) => {
  const rest: string[] = [];
  const first = firstLine((bytes) => rest.push(bytes.toString()));
  for (const part of parts) first.take(Buffer.from(part));
  expect(await first.line).toBe(line);
  expect(rest).toEqual(others);
});

test("every method of Pulumi's Analyzer service is a plain call, as the proxy takes it", () => {
  const streams = Object.values(AnalyzerService).filter(
    ({ requestStream, responseStream }) => requestStream || responseStream,
  );
  expect(streams).toEqual([]);
});

// Stands for the SDK's own module, which would load the whole TypeScript compiler.
const runModule = `require(require("node:path").join(process.argv[3], "index.js"));`;

/** A pack that tells in its name what it was started with; `methods` are added to its service. */
const serving = (methods: string) => `
  const grpc = require("@grpc/grpc-js");
  const { AnalyzerService } = require("@pulumi/pulumi/proto/analyzer_grpc_pb.js");
  const pb = require("@pulumi/pulumi/proto/analyzer_pb.js");
  const empty = require("google-protobuf/google/protobuf/empty_pb.js");
  let tags = "none";
  const server = new grpc.Server();
  server.addService(AnalyzerService, {
    configureStack: (call, done) => {
      tags = JSON.stringify(call.request.getTagsMap().toObject());
      done(null, new pb.AnalyzerStackConfigureResponse());
    },
    getAnalyzerInfo: (call, done) => {
      const { PULUMI_NODEJS_STACK: stack = "no stack", PULUMI_CONFIG: config } = process.env;
      const told = [stack, config, tags, process.cwd(), process.pid].join(" ");
      done(null, new pb.AnalyzerInfo().setName(told));
    },
    ${methods}
  });
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    console.log(port);
    console.log("ready");
    console.error("be careful");
  });
`;

describe("the language host serves a policy pack", () => {
  const children = new Children();
  let folder: string;
  let server: Listening;
  let client: LanguageRuntimeClient;
  const opened: { close(): void }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "turnkey-policy-"));
    const sdk = join(folder, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    await mkdir(sdk, { recursive: true });
    await writeFile(join(sdk, "index.js"), runModule);
    server = await listen(
      LanguageRuntimeService,
      languageService({ version: "3.259.0", engine: "127.0.0.1:1" }, children),
    );
    client = new LanguageRuntimeClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  });
  afterEach(() => {
    for (const it of opened.splice(0)) it.close();
  });
  afterAll(async () => {
    client.close();
    server.close();
    children.kill();
    await rm(folder, { recursive: true });
  });

  /** One call of RunPlugin: what came on its stream, and an engine's connection to the port in it. */
  async function runPack(script: string, env: readonly string[] = environment) {
    await writeFile(join(folder, "index.js"), script);
    return startPack(packRequest(folder, env));
  }

  async function startPack(request: pb.RunPluginRequest) {
    const call: ClientReadableStream<pb.RunPluginResponse> = client.runPlugin(request);
    const got = { stdout: "", stderr: "", exitCodes: [] as number[] };
    call.on("data", (part: pb.RunPluginResponse) => {
      got.stdout += Buffer.from(part.getStdout_asU8()).toString();
      got.stderr += Buffer.from(part.getStderr_asU8()).toString();
      if (part.hasExitcode()) got.exitCodes.push(part.getExitcode());
    });
    const over = new Promise<ServiceError | undefined>((resolve) => {
      call.on("error", resolve).on("end", () => resolve(undefined));
    });
    const port = await until(() => /^(\d+)\n/.exec(got.stdout)?.[1], patience);
    const engine = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.enable_http_proxy": 0,
    });
    opened.push(engine);
    return { call, got, over, engine };
  }

  // Where the packs find grpc and the protos.
  const environment = [
    `NODE_PATH=${join(process.cwd(), "node_modules")}`,
    `PATH=${process.env["PATH"] ?? ""}`,
  ];

  test("after it was told the stack, and hands on every call as it is", async () => {
    const { engine, got } = await runPack(serving(""));
    await ask((done) => engine.handshake(new analyzer.AnalyzerHandshakeRequest(), done));
    await ask((done) => engine.configureStack(stackDev(), done));
    expect(await nameOf(engine)).toMatch(
      `dev {"turnkey:target":"docker"} [["team","calls"]] ${folder} `,
    );
    await until(() => (got.stderr === "be careful\n" ? true : undefined), patience);
    expect(got.stdout).toMatch(/^\d+\nready\n$/);
  });

  test("without a stack when something else is asked first", async () => {
    const { engine } = await runPack(serving(""));
    expect(await nameOf(engine)).toMatch(/^no stack {2}none /);
  });

  test("and answers its errors with their code", async () => {
    const { engine } = await runPack(
      serving(
        "analyze: (call, done) => done({ code: 9, details: 'not so: ' + call.request.getUrn() }),",
      ),
    );
    const asked = new analyzer.AnalyzeRequest().setUrn("urn:pulumi:x");
    expect(await errorOf((done) => engine.analyze(asked, done))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: "not so: urn:pulumi:x",
    });
    const unknown = new analyzer.AnalyzeStackRequest();
    expect((await errorOf((done) => engine.analyzeStack(unknown, done))).code).toBe(
      status.UNIMPLEMENTED,
    );
  });

  test("past a proxy that the environment names", async () => {
    process.env["grpc_proxy"] = "http://127.0.0.1:9";
    try {
      const { engine } = await runPack(serving(""));
      expect(await nameOf(engine)).toMatch(/^no stack/);
    } finally {
      delete process.env["grpc_proxy"];
    }
  });

  test("once, whatever is asked at the same time", async () => {
    const { engine } = await runPack(serving(""));
    const names = await Promise.all([nameOf(engine), nameOf(engine), nameOf(engine)]);
    expect(new Set(names).size).toBe(1);
  });

  test("that dies while it starts: its last words and exit code are the answer", async () => {
    const { engine, over, got } = await runPack('console.error("no such rule"); process.exit(3);');
    const error = await errorOf((done) => engine.configureStack(stackDev(), done));
    expect(error).toMatchObject({
      code: status.UNKNOWN,
      details: `the policy pack in ${folder} ended with exit code 3:\nno such rule`,
    });
    expect(await over).toBeUndefined();
    expect(got).toMatchObject({ exitCodes: [3], stderr: "" });
  });

  test("that is killed while it is asked: that is the answer", async () => {
    const { engine, over, got } = await runPack(
      serving("analyze: () => process.kill(process.pid, 'SIGKILL'),"),
    );
    const asked = new analyzer.AnalyzeRequest();
    expect((await errorOf((done) => engine.analyze(asked, done))).details).toBe(
      `the policy pack in ${folder} was ended by SIGKILL:\nbe careful`,
    );
    expect(await over).toBeUndefined();
    expect(got.exitCodes).toEqual([137]);
  });

  test("that writes something else where its port belongs: it is told so and ended", async () => {
    const { engine, got } = await runPack('console.log("hello"); setInterval(() => {}, 1000);');
    expect((await errorOf((done) => engine.configureStack(stackDev(), done))).details).toBe(
      `the policy pack in ${folder} wrote "hello" to stdout where its port belongs; ` +
        "write nothing there before new PolicyPack()",
    );
    await until(() => got.exitCodes[0], patience);
    expect(got.exitCodes).toEqual([130]);
  });

  test("and ends it with its call", async () => {
    const { engine, call, over } = await runPack(serving(""));
    const pid = Number((await nameOf(engine)).split(" ").at(-1));
    expect(isRunning(pid)).toBe(true);
    call.cancel();
    expect((await over)?.code).toBe(status.CANCELLED);
    await until(() => (isRunning(pid) ? undefined : true), patience);
  });

  test("and ends it when the engine cancels", async () => {
    const { engine, got } = await runPack(serving(""));
    await nameOf(engine);
    await ask((done) => client.cancel(new empty.Empty(), done));
    await until(() => got.exitCodes[0], patience);
    expect(got.exitCodes).toEqual([130]);
  });

  test("that was never asked anything needs no process to be cancelled", async () => {
    const { engine, call, over } = await runPack("process.exit(3)");
    await ask((done) => engine.cancel(new empty.Empty(), done));
    call.cancel();
    expect((await over)?.code).toBe(status.CANCELLED);
    // Its port is given up.
    const answered = () =>
      new Promise<boolean>((resolve) => {
        engine.cancel(new empty.Empty(), (error) => resolve(error === null));
      });
    await until(async () => ((await answered()) ? undefined : true), patience);
  });

  test("only where it finds the Pulumi SDK", async () => {
    const call = client.runPlugin(packRequest(tmpdir()));
    const error = await new Promise<ServiceError>((resolve) => call.on("error", resolve));
    expect(error.details).toBe(
      `@pulumi/pulumi is not installed for ${tmpdir()}: run npm install there`,
    );
  });

  test("only where node is on PATH", async () => {
    const { engine } = await runPack(serving(""), [`PATH=${folder}`]);
    const error = await errorOf((done) => engine.configureStack(stackDev(), done));
    expect(error.details).toBe("could not find node on the PATH");
  });
});

type Done<Answer> = (error: ServiceError | null, answer: Answer) => void;

const ask = <Answer>(start: (done: Done<Answer>) => unknown) =>
  new Promise<Answer>((resolve, reject) => {
    start((error, answer) => (error ? reject(error) : resolve(answer)));
  });

const errorOf = (start: (done: Done<unknown>) => unknown) =>
  new Promise<ServiceError>((resolve, reject) => {
    start((error) => (error ? resolve(error) : reject(new Error("no error came"))));
  });

const nameOf = async (engine: AnalyzerClient) =>
  (
    await ask<analyzer.AnalyzerInfo>((done) => engine.getAnalyzerInfo(new empty.Empty(), done))
  ).getName();
