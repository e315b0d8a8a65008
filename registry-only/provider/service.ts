import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { refuse, unary } from "../plugin/answer.ts";
import { answerDiff } from "./answerDiff.ts";
import type { Naming } from "./autoname.ts";
import { checkInputs } from "./checkInputs.ts";
import { compare } from "./compare.ts";
import type { ProviderFunction, ProviderSettings } from "./functions.ts";
import type { Bridge, Failure, Kind, Subject } from "./kind.ts";
import { plannedState, refreshedInputs, stateOf } from "./state.ts";
import { plainTable, readStruct, writeStruct } from "./structs.ts";

/** One provider plugin: a name, the npm SDK's exact version, and the kinds it knows. */
export interface ProviderSpec {
  readonly name: string;
  readonly version: string;
  readonly bridge: Bridge;
  /** By type token, e.g. `docker:index/network:Network`. */
  readonly kinds: { readonly [token: string]: Kind };
  /** By token, e.g. `aws:ssm/getParameter:getParameter`; none by default. */
  readonly functions?: { readonly [token: string]: ProviderFunction };
  /** The provider's own configuration; none by default. */
  readonly settings?: ProviderSettings;
}

/** What every default provider is configured with; anything else would be a setting of ours. */
const version = { type: "string" } as const;

/**
 * Pulumi's `ResourceProvider` service (proto/pulumi/provider.proto) for the kinds of one spec.
 * Everything else is refused by name.
 */
export function providerService(spec: ProviderSpec): UntypedServiceImplementation {
  const { name, kinds, functions = {} } = spec;
  const standIn = `the registry-only stand-in for ${name}`;
  const settings = plainTable({ version, ...spec.settings?.fields });
  const bridgeOf = (kind: Kind): Bridge => kind.table.bridge ?? spec.bridge;

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
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(spec.version)),
    checkConfig: unary((request: pb.CheckRequest) => {
      const owner = { provider: name, kind: `the ${name} provider` };
      const news = readStruct(request.getNews());
      const { inputs, failures } = checkInputs(owner, settings.inputs, news, "framework");
      return new pb.CheckResponse()
        .setInputs(writeStruct(settings, inputs))
        .setFailuresList(failures.map(failureMessage));
    }),
    diffConfig: unary((request: pb.DiffRequest) => {
      const [olds, news] = [readStruct(request.getOlds()), readStruct(request.getNews())];
      const changes = compare(spec.settings?.fields ?? {}, olds, news);
      const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
      return new pb.DiffResponse()
        .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
        .setDiffsList(changes.map(({ path }) => path))
        .setReplacesList(changes.filter((it) => it.replaces).map(({ path }) => path));
    }),
    // Without acceptSecrets the engine unwraps secrets and marks the answers by input name again.
    configure: unary((request: pb.ConfigureRequest) => {
      spec.settings?.configure(readStruct(request.getArgs()));
      return new pb.ConfigureResponse()
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true)
        .setAcceptresources(spec.bridge === "framework");
    }),
    check: unary((request: pb.CheckRequest) => {
      const kind = kindOf(request.getType());
      const owner = { provider: name, kind: shortName(request.getType()) };
      const news = readStruct(request.getNews());
      const { inputs, failures } = checkInputs(
        owner,
        kind.table.inputs,
        news,
        bridgeOf(kind),
        namingIn(request),
      );
      const more = failures.length === 0 ? (kind.check?.(inputs) ?? []) : [];
      return new pb.CheckResponse()
        .setInputs(writeStruct(kind.table, inputs))
        .setFailuresList([...failures, ...more].map(failureMessage));
    }),
    diff: unary((request: pb.DiffRequest) => {
      const olds = readStruct(request.getOlds());
      const news = readStruct(request.getNews());
      const ignored = request.getIgnorechangesList();
      const kind = kindOf(request.getType());
      return answerDiff(kind, bridgeOf(kind), olds, news, ignored);
    }),
    create: unary(async (request: pb.CreateRequest) => {
      const kind = kindOf(request.getType());
      const { table, create } = bound(kind);
      const inputs = readStruct(request.getProperties());
      if (request.getPreview()) {
        const planned = plannedState(table, bridgeOf(kind), inputs);
        return new pb.CreateResponse().setProperties(writeStruct(table, planned));
      }
      const made = await create(inputs, subjectOf(request));
      return new pb.CreateResponse()
        .setId(made.id)
        .setProperties(writeStruct(table, stateOf(table, bridgeOf(kind), inputs, made)));
    }),
    read: unary(async (request: pb.ReadRequest) => {
      const { table, read } = bound(kindOf(request.getType()));
      const inputs = readStruct(request.getInputs());
      if (Object.keys(inputs).length === 0) {
        throw new Error(`${standIn} reads only what a stack made: import nothing and use no get()`);
      }
      const before = readStruct(request.getProperties());
      const found = await read(request.getId(), before, subjectOf(request));
      if (found === undefined) return new pb.ReadResponse();
      const now = { ...before, ...found.outputs, id: found.id };
      return new pb.ReadResponse()
        .setId(found.id)
        .setInputs(writeStruct(table, refreshedInputs(inputs, before, now)))
        .setProperties(writeStruct(table, now));
    }),
    update: unary(async (request: pb.UpdateRequest) => {
      const kind = kindOf(request.getType());
      const { table, update } = bound(kind);
      const id = request.getId();
      const olds = readStruct(request.getOlds());
      const news = readStruct(request.getNews());
      if (update === undefined) {
        throw new Error(`${standIn} cannot update a ${shortName(request.getType())} in place`);
      }
      if (request.getPreview()) {
        const planned = plannedState(table, bridgeOf(kind), news, olds);
        return new pb.UpdateResponse().setProperties(writeStruct(table, planned));
      }
      const outputs = await update(id, olds, news, subjectOf(request));
      const state = { ...olds, ...stateOf(table, bridgeOf(kind), news, { id, outputs }) };
      return new pb.UpdateResponse().setProperties(writeStruct(table, state));
    }),
    delete: unary(async (request: pb.DeleteRequest) => {
      const kind = kindOf(request.getType());
      const state = readStruct(request.getProperties());
      await kind.delete(request.getId(), state, subjectOf(request));
      return new empty.Empty();
    }),
    // What is under way is short and ends by itself, so there is nothing to break off.
    cancel: unary(() => new empty.Empty()),
    invoke: unary(async (request: pb.InvokeRequest) => {
      const known = functions[request.getTok()];
      if (known === undefined) return refused(`know function ${request.getTok()}`);
      const owner = { provider: name, kind: shortName(request.getTok()) };
      const args = readStruct(request.getArgs());
      const { inputs, failures } = checkInputs(owner, known.table.inputs, args, "framework");
      return failures.length > 0
        ? new pb.InvokeResponse().setFailuresList(failures.map(failureMessage))
        : new pb.InvokeResponse().setReturn(writeStruct(known.table, await known.answer(inputs)));
    }),
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

const subjectOf = (request: { getType(): string; getName(): string }): Subject => ({
  token: request.getType(),
  name: request.getName(),
});

const { PROPOSE, ENFORCE, DISABLE } = pb.CheckRequest.AutonamingOptions.Mode;

const autonamingModes = {
  [PROPOSE]: "propose",
  [ENFORCE]: "enforce",
  [DISABLE]: "disable",
} as const;

function namingIn(request: pb.CheckRequest): Naming {
  const naming: Naming = {
    resource: request.getName(),
    olds: readStruct(request.getOlds()),
    seed: request.getRandomseed_asU8(),
  };
  const autonaming = request.getAutonaming();
  if (autonaming === undefined) return naming;
  const mode = autonamingModes[autonaming.getMode()];
  return { ...naming, proposed: { name: autonaming.getProposedName(), mode } };
}

const failureMessage = ({ property, reason }: Failure) =>
  new pb.CheckFailure().setProperty(property).setReason(reason);
