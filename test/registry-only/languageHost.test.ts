import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import {
  LanguageRuntimeClient,
  LanguageRuntimeService,
} from "@pulumi/pulumi/proto/language_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/language_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Children } from "../../registry-only/languageHost/children.ts";
import { programOptions } from "../../registry-only/languageHost/programOptions.ts";
import { programRun } from "../../registry-only/languageHost/programRun.ts";
import { languageService } from "../../registry-only/languageHost/service.ts";
import { listen } from "../../registry-only/plugin/listen.ts";
import type { Listening } from "../../registry-only/plugin/listen.ts";
import { isRunning, until } from "../support/until.ts";

function runRequest(folder: string, options: { [name: string]: string | boolean } = {}) {
  const info = new pb.ProgramInfo()
    .setRootDirectory(folder)
    .setProgramDirectory(folder)
    .setEntryPoint(".")
    .setOptions(struct.Struct.fromJavaScript(options));
  const request = new pb.RunRequest()
    .setInfo(info)
    .setProject("turnkey")
    .setStack("dev")
    .setMonitorAddress("127.0.0.1:2")
    .setParallel(16)
    .setConfigsecretkeysList(["turnkey:secret"]);
  request.getConfigMap().set("turnkey:target", "docker").set("turnkey:secret", "a:b");
  return request;
}

describe("a program is started as the official host starts it", () => {
  const options = programOptions({ typescript: false, nodeargs: "--import ./a.mjs" });

  test("the engine, the stack and the folder are its arguments", () => {
    const request = runRequest("/project").setOrganization("us").setDryrun(true);
    const { args } = programRun(request, options, "/sdk/run.js", "127.0.0.1:1");
    expect(args.join(" ")).toBe(
      "--import ./a.mjs /sdk/run.js --monitor 127.0.0.1:2 --engine 127.0.0.1:1 " +
        "--organization us --project turnkey --root-directory /project --stack dev " +
        "--pwd /project --parallel 16 --dry-run .",
    );
  });

  test("its configuration travels in the environment, under the SDK's old keys", () => {
    const { env } = programRun(runRequest("/project"), options, "", "");
    expect(Object.keys(env)).toEqual(["PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS"]);
    expect(JSON.parse(env["PULUMI_CONFIG"] ?? "")).toEqual({
      "turnkey:config:target": "docker",
      "turnkey:config:secret": "a:b",
    });
    expect(env["PULUMI_CONFIG_SECRET_KEYS"]).toBe('["turnkey:secret"]');
  });

  test("the SDK compiles TypeScript unless that is switched off", () => {
    const { env } = programRun(runRequest("/p"), programOptions({ tsconfig: "t.json" }), "", "");
    expect(env).toMatchObject({
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_NODEJS_TSCONFIG_PATH: "t.json",
    });
  });
});

describe("runtime.options in Pulumi.yaml", () => {
  test.each([
    ["--a  --b=1", ["--a", "--b=1"]],
    [`--a='x y' "b \\"c" d\\ e ''`, ["--a=x y", 'b "c', "d e", ""]],
    ["", []],
  ])("nodeargs %j is split as a shell splits it", (nodeargs, args) => {
    expect(programOptions({ nodeargs }).nodeArgs).toEqual(args);
  });

  test.each([
    [{ typescript: "no" }, 'runtime.options.typescript is "no"; wanted true or false'],
    [{ nodeargs: 1 }, "runtime.options.nodeargs is 1; wanted arguments in one text"],
    [{ packagemanager: "bun" }, 'runtime.options.packagemanager is "bun"; wanted npm'],
    [{ production: true }, "does not know option production of runtime.options"],
  ])("%j is refused by name", (options, message) => {
    expect(() => programOptions(options)).toThrow(message);
  });
});

describe("the language host", () => {
  const children = new Children();
  let folder: string;
  let server: Listening;
  let client: LanguageRuntimeClient;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "turnkey-host-"));
    server = await listen(
      LanguageRuntimeService,
      languageService({ version: "3.259.0", engine: "127.0.0.1:1" }, children),
    );
    client = new LanguageRuntimeClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  });
  afterAll(async () => {
    client.close();
    server.close();
    await rm(folder, { recursive: true });
  });

  /** A request to run a script: it is loaded before the SDK's `cmd/run`, and need not return. */
  async function requestOf(script: string, options = {}): Promise<pb.RunRequest> {
    const file = join(folder, "program.cjs");
    await writeFile(file, script);
    return runRequest(process.cwd(), { nodeargs: `--require ${file}`, ...options });
  }

  async function run(script: string, options = {}): Promise<pb.RunResponse.AsObject> {
    const request = await requestOf(script, options);
    return new Promise((resolve, reject) => {
      client.run(request, (error, answer) => (error ? reject(error) : resolve(answer.toObject())));
    });
  }

  /** A script that tells its process id and stays, and what waits for the id. */
  function staying() {
    const file = join(folder, `pid-${randomUUID()}`);
    const script = `require("fs").writeFileSync("${file}", String(process.pid)); for (;;);`;
    const pid = () => until(() => (existsSync(file) ? Number(readFileSync(file, "utf8")) : 0));
    return { script, pid };
  }

  test.each([
    [0, { error: "", bail: false }],
    [32, { error: "", bail: true }],
    [7, { error: "program exited with non-zero exit code: 7", bail: false }],
  ])("tells the engine how a program ended: exit code %d", async (code, answer) => {
    expect(await run(`process.exit(${code})`)).toEqual(answer);
  });

  test("tells the engine that a program was killed", async () => {
    const { error } = await run('process.kill(process.pid, "SIGKILL")');
    expect(error).toBe("program was ended by SIGKILL");
  });

  test("answers an error that it finds before the start as the program's error", async () => {
    const { error } = await run("", { typescript: "yes" });
    expect(error).toBe('runtime.options.typescript is "yes"; wanted true or false');
  });

  test("says what to do when the program's folder has no Pulumi SDK", async () => {
    const answer = await new Promise<pb.RunResponse>((resolve, reject) => {
      client.run(runRequest(folder), (error, it) => (error ? reject(error) : resolve(it)));
    });
    expect(answer.getError()).toBe(
      `@pulumi/pulumi is not installed for ${folder}: run npm install there`,
    );
  });

  test("interrupts the program when the engine cancels", async () => {
    const { script, pid } = staying();
    const ended = run(script);
    await pid();
    await new Promise<void>((resolve, reject) => {
      client.cancel(new empty.Empty(), (error) => (error ? reject(error) : resolve()));
    });
    expect((await ended).error).toBe("program was ended by SIGINT");
  });

  test("interrupts the program when its call is cancelled", async () => {
    const { script, pid } = staying();
    const request = await requestOf(script);
    const ended = new Promise<ServiceError | null>((resolve) => {
      const call = client.run(request, (error) => resolve(error));
      void pid().then(() => call.cancel());
    });
    expect((await ended)?.details).toMatch(/Cancelled/);
    const id = await pid();
    await until(() => (isRunning(id) ? undefined : true));
  });

  test("reports the version of the CLI it belongs to, and that it is a stand-in", async () => {
    const about = await new Promise<pb.AboutResponse>((resolve, reject) => {
      client.about(new pb.AboutRequest(), (error, it) => (error ? reject(error) : resolve(it)));
    });
    expect(about.getVersion()).toMatch(/^v\d+/);
    expect(about.getMetadataMap().get("host")).toBe("registry-only stand-in 3.259.0");
  });

  test.each([
    ["", "resource"],
    ["converter", "converter"],
  ])("refuses a plugin of kind %j by name", async (kind, name) => {
    const stream = client.runPlugin(new pb.RunPluginRequest().setKind(kind));
    const error = await new Promise<ServiceError>((resolve) => stream.on("error", resolve));
    expect(error.details).toBe(
      `the registry-only language host does not run plugins of kind ${name}`,
    );
  });
});
