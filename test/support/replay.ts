import { credentials } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import {
  ResourceProviderClient,
  ResourceProviderService,
} from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { listen } from "../../registry-only/plugin/listen.ts";
import { providerService } from "../../registry-only/provider/service.ts";
import type { ProviderSpec } from "../../registry-only/provider/service.ts";
import { objectAt } from "./recording.ts";
import type { Json, JsonObject } from "./recording.ts";

/** A provider that answers as the recordings write it: empty fields left out, enums by name. */
export interface Replay {
  call(method: string, request: JsonObject): Promise<JsonObject>;
  close(): void;
}

/** Puts a provider behind real gRPC on loopback and speaks to it in the JSON of the recordings. */
export async function replay(spec: ProviderSpec): Promise<Replay> {
  const server = await listen(ResourceProviderService, providerService(spec));
  const address = `127.0.0.1:${server.port}`;
  const client = new ResourceProviderClient(address, credentials.createInsecure());
  return {
    call: (method, request) => {
      const call = methods[method];
      if (call === undefined) throw new Error(`replay cannot call ${method}`);
      return call(client, request);
    },
    close: () => {
      client.close();
      server.close();
    },
  };
}

type Call = (client: ResourceProviderClient, request: JsonObject) => Promise<JsonObject>;

const methods: { readonly [name: string]: Call } = {
  GetPluginInfo: async (client) => {
    const answer = await ask<{ getVersion(): string }>((done) =>
      client.getPluginInfo(new empty.Empty(), done),
    );
    return { version: answer.getVersion() };
  },
  Configure: async (client, request) => {
    const message = new pb.ConfigureRequest().setArgs(structAt(request, "args"));
    const answer = await ask<pb.ConfigureResponse>((done) => client.configure(message, done));
    return filled({
      acceptSecrets: answer.getAcceptsecrets(),
      acceptResources: answer.getAcceptresources(),
      acceptOutputs: answer.getAcceptoutputs(),
      supportsPreview: answer.getSupportspreview(),
      supportsAutonamingConfiguration: answer.getSupportsAutonamingConfiguration(),
    });
  },
  CheckConfig: async (client, request) =>
    checkJson(await ask((done) => client.checkConfig(checkRequest(request), done))),
  Check: async (client, request) =>
    checkJson(await ask((done) => client.check(checkRequest(request), done))),
  DiffConfig: async (client, request) => {
    const message = new pb.DiffRequest()
      .setOlds(structAt(request, "olds"))
      .setNews(structAt(request, "news"));
    return diffJson(await ask((done) => client.diffConfig(message, done)));
  },
  Diff: async (client, request) => {
    const message = new pb.DiffRequest()
      .setId(text(request, "id"))
      .setType(text(request, "type"))
      .setOlds(structAt(request, "olds"))
      .setNews(structAt(request, "news"))
      .setOldInputs(structAt(request, "oldInputs"))
      .setIgnorechangesList(texts(request, "ignoreChanges"));
    return diffJson(await ask((done) => client.diff(message, done)));
  },
  Create: async (client, request) => {
    const message = new pb.CreateRequest()
      .setType(text(request, "type"))
      .setName(text(request, "name"))
      .setProperties(structAt(request, "properties"))
      .setPreview(request["preview"] === true);
    const answer = await ask<pb.CreateResponse>((done) => client.create(message, done));
    return filled({ id: answer.getId(), properties: json(answer.getProperties()) });
  },
  Read: async (client, request) => {
    const message = new pb.ReadRequest()
      .setId(text(request, "id"))
      .setName(text(request, "name"))
      .setType(text(request, "type"))
      .setInputs(structAt(request, "inputs"))
      .setProperties(structAt(request, "properties"));
    const answer = await ask<pb.ReadResponse>((done) => client.read(message, done));
    return filled({
      id: answer.getId(),
      inputs: json(answer.getInputs()),
      properties: json(answer.getProperties()),
    });
  },
  Update: async (client, request) => {
    const message = new pb.UpdateRequest()
      .setId(text(request, "id"))
      .setName(text(request, "name"))
      .setType(text(request, "type"))
      .setOlds(structAt(request, "olds"))
      .setNews(structAt(request, "news"))
      .setOldInputs(structAt(request, "oldInputs"))
      .setPreview(request["preview"] === true);
    const answer = await ask<pb.UpdateResponse>((done) => client.update(message, done));
    return filled({ properties: json(answer.getProperties()) });
  },
  Delete: async (client, request) => {
    const message = new pb.DeleteRequest()
      .setId(text(request, "id"))
      .setName(text(request, "name"))
      .setType(text(request, "type"))
      .setProperties(structAt(request, "properties"))
      .setOldInputs(structAt(request, "oldInputs"));
    await ask((done) => client.delete(message, done));
    return {};
  },
  Invoke: async (client, request) => {
    const message = new pb.InvokeRequest()
      .setTok(text(request, "tok"))
      .setArgs(structAt(request, "args"));
    const answer = await ask<pb.InvokeResponse>((done) => client.invoke(message, done));
    return filled({
      return: json(answer.getReturn()),
      failures: answer.getFailuresList().map((it) => it.toObject()),
    });
  },
};

function ask<Answer>(
  start: (done: (error: ServiceError | null, answer: Answer) => void) => unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    start((error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

function checkRequest(request: JsonObject): pb.CheckRequest {
  const message = new pb.CheckRequest()
    .setType(text(request, "type"))
    .setName(text(request, "name"))
    .setRandomseed(text(request, "randomSeed"))
    .setOlds(structAt(request, "olds"))
    .setNews(structAt(request, "news"));
  if (request["autonaming"] === undefined) return message;
  const autonaming = objectAt(request, "autonaming");
  const { PROPOSE, ENFORCE, DISABLE } = pb.CheckRequest.AutonamingOptions.Mode;
  const modes: { readonly [name: string]: typeof PROPOSE | typeof ENFORCE | typeof DISABLE } = {
    ENFORCE,
    DISABLE,
  };
  return message.setAutonaming(
    new pb.CheckRequest.AutonamingOptions()
      .setMode(modes[text(autonaming, "mode")] ?? PROPOSE)
      .setProposedName(text(autonaming, "proposedName")),
  );
}

const checkJson = (answer: pb.CheckResponse) =>
  filled({
    inputs: json(answer.getInputs()),
    failures: answer.getFailuresList().map((it) => it.toObject()),
  });

function diffJson(answer: pb.DiffResponse): JsonObject {
  const details: JsonObject = {};
  answer.getDetaileddiffMap().forEach((detail, path) => {
    details[path] = { kind: nameOf(pb.PropertyDiff.Kind, detail.getKind()) };
  });
  return filled({
    changes: nameOf(pb.DiffResponse.DiffChanges, answer.getChanges()),
    deleteBeforeReplace: answer.getDeletebeforereplace(),
    detailedDiff: details,
    diffs: answer.getDiffsList(),
    hasDetailedDiff: answer.getHasdetaileddiff(),
    replaces: answer.getReplacesList(),
    stables: answer.getStablesList(),
  });
}

const nameOf = (names: object, value: number) =>
  Object.entries(names).find(([, it]) => it === value)?.[0] ?? "";

function text(request: JsonObject, name: string): string {
  const value = request[name];
  return typeof value === "string" ? value : "";
}

function texts(request: JsonObject, name: string): string[] {
  const value = request[name];
  return Array.isArray(value) ? value.filter((it) => typeof it === "string") : [];
}

const structAt = (request: JsonObject, name: string) =>
  struct.Struct.fromJavaScript(objectAt(request, name));

const json = (message: struct.Struct | undefined): JsonObject => message?.toJavaScript() ?? {};

// Protobuf's JSON leaves out what is empty, and so do the recordings.
const filled = (answer: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(answer).filter(([, value]) => !isEmpty(value)));

const isEmpty = (value: Json) =>
  value === false ||
  value === "" ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);
