import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { refuse, unary } from "../plugin/answer.ts";
import { answerDiff } from "./answerDiff.ts";
import { checkInputs } from "./checkInputs.ts";
import type { Bridge, Failure, Kind } from "./kind.ts";
import { plannedState, refreshedInputs, stateOf } from "./state.ts";
import { plainTable, readStruct, writeStruct } from "./structs.ts";

/** One provider plugin: a name, the npm SDK's exact version, and the kinds it knows. */
export interface ProviderSpec {
  readonly name: string;
  readonly version: string;
  readonly bridge: Bridge;
  /** By type token, e.g. `docker:index/network:Network`. */
  readonly kinds: { readonly [token: string]: Kind };
}

/** What every default provider is configured with; anything else would be a setting of ours. */
const settings = plainTable({ version: { type: "string" } });

/**
 * Pulumi's `ResourceProvider` service (proto/pulumi/provider.proto) for the kinds of one spec.
 * Everything else is refused by name.
 */
export function providerService(spec: ProviderSpec): UntypedServiceImplementation {
  const { name, version, bridge, kinds } = spec;
  const standIn = `the registry-only stand-in for ${name}`;

  const kindOf = (token: string): Kind => {
    const kind = kinds[token];
    if (kind !== undefined) return kind;
    const known = Object.keys(kinds).join(", ");
    throw new Error(
      `${standIn} does not know resource kind ${token}; it knows ${known} - ` +
        "deploy from a machine that can download the official plugin",
    );
  };
  const refused = (what: string) => refuse(`${standIn} does not ${what}`);

  return {
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(version)),
    checkConfig: unary((request: pb.CheckRequest) => {
      const owner = { provider: name, kind: `the ${name} provider` };
      const news = readStruct(request.getNews());
      const { inputs, failures } = checkInputs(owner, settings.inputs, news, "framework");
      return new pb.CheckResponse()
        .setInputs(writeStruct(settings, inputs))
        .setFailuresList(failures.map(failureMessage));
    }),
    diffConfig: unary(() =>
      new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE),
    ),
    // Without acceptSecrets the engine unwraps secrets and marks the answers by input name again.
    configure: unary(() =>
      new pb.ConfigureResponse()
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true)
        .setAcceptresources(bridge === "framework"),
    ),
    check: unary((request: pb.CheckRequest) => {
      const kind = kindOf(request.getType());
      const owner = { provider: name, kind: shortName(request.getType()) };
      const news = readStruct(request.getNews());
      const { inputs, failures } = checkInputs(owner, kind.table.inputs, news, bridge);
      const more = failures.length === 0 ? (kind.check?.(inputs) ?? []) : [];
      return new pb.CheckResponse()
        .setInputs(writeStruct(kind.table, inputs))
        .setFailuresList([...failures, ...more].map(failureMessage));
    }),
    diff: unary((request: pb.DiffRequest) => {
      const olds = readStruct(request.getOlds());
      const news = readStruct(request.getNews());
      const ignored = request.getIgnorechangesList();
      return answerDiff(kindOf(request.getType()), bridge, olds, news, ignored);
    }),
    create: unary(async (request: pb.CreateRequest) => {
      const { table, create } = bound(kindOf(request.getType()));
      const inputs = readStruct(request.getProperties());
      if (request.getPreview()) {
        const planned = plannedState(table, bridge, inputs);
        return new pb.CreateResponse().setProperties(writeStruct(table, planned));
      }
      const made = await create(inputs);
      return new pb.CreateResponse()
        .setId(made.id)
        .setProperties(writeStruct(table, stateOf(table, bridge, inputs, made)));
    }),
    read: unary(async (request: pb.ReadRequest) => {
      const { table, read } = bound(kindOf(request.getType()));
      const inputs = readStruct(request.getInputs());
      if (Object.keys(inputs).length === 0) {
        throw new Error(`${standIn} reads only what a stack made: import nothing and use no get()`);
      }
      const before = readStruct(request.getProperties());
      const found = await read(request.getId(), before);
      if (found === undefined) return new pb.ReadResponse();
      const now = { ...before, ...found.outputs, id: found.id };
      return new pb.ReadResponse()
        .setId(found.id)
        .setInputs(writeStruct(table, refreshedInputs(inputs, before, now)))
        .setProperties(writeStruct(table, now));
    }),
    update: unary(async (request: pb.UpdateRequest) => {
      const { table, update } = bound(kindOf(request.getType()));
      const id = request.getId();
      const olds = readStruct(request.getOlds());
      const news = readStruct(request.getNews());
      if (update === undefined) {
        throw new Error(`${standIn} cannot update a ${shortName(request.getType())} in place`);
      }
      const state = request.getPreview()
        ? plannedState(table, bridge, news, olds)
        : {
            ...olds,
            ...stateOf(table, bridge, news, { id, outputs: await update(id, olds, news) }),
          };
      return new pb.UpdateResponse().setProperties(writeStruct(table, state));
    }),
    delete: unary(async (request: pb.DeleteRequest) => {
      const kind = kindOf(request.getType());
      await kind.delete(request.getId(), readStruct(request.getProperties()));
      return new empty.Empty();
    }),
    // What is under way is short and ends by itself, so there is nothing to break off.
    cancel: unary(() => new empty.Empty()),
    invoke: unary((request: pb.InvokeRequest) => refused(`know function ${request.getTok()}`)),
    call: unary((request: pb.CallRequest) => refused(`know method ${request.getTok()}`)),
    construct: unary((request: pb.ConstructRequest) =>
      refused(`know component ${request.getType()}`),
    ),
    getSchema: unary(() => refused("carry a schema")),
  } satisfies Partial<IResourceProviderServer>;
}

const bound = (kind: Kind) => ({
  table: kind.table,
  create: kind.create.bind(kind),
  read: kind.read.bind(kind),
  update: kind.update?.bind(kind),
});

const shortName = (token: string) => token.slice(token.lastIndexOf(":") + 1);

const failureMessage = ({ property, reason }: Failure) =>
  new pb.CheckFailure().setProperty(property).setReason(reason);
