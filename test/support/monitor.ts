/** What the fake engine learns beside a resource's inputs: its options, and how its hooks went. */
import { credentials } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import callbackProto from "@pulumi/pulumi/proto/callback_pb.js";
import resourceProto from "@pulumi/pulumi/proto/resource_pb.js";

/** Options as the engine gets them; other resources by their names. */
export interface RegisteredOptions {
  readonly parent: string;
  readonly dependencies: readonly string[];
  /** By input: the resources that its value comes from. */
  readonly inputDependencies: Readonly<Record<string, readonly string[]>>;
  readonly provider: string;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Names of hooks. */
  readonly beforeCreate: readonly string[];
  readonly beforeUpdate: readonly string[];
}

/** Runs a hook; comes to its error, an empty text when it went well. */
type RunHook = () => Promise<string>;

/**
 * Watches the mock monitor of the program that begins. `options` are by `<type> <name>`; `hookErrors`, by
 * name, are of the hooks that ran, before their resource was created as the engine does it, where `runHooks`.
 */
export function watchMonitor({ runHooks }: { runHooks: boolean }) {
  const hooks = new Map<string, RunHook>();
  const hookErrors = new Map<string, string>();
  const options = new Map<string, RegisteredOptions>();
  const monitor = pulumi.runtime.getMonitor();
  if (!monitor) throw new Error("there are no mocks");
  const register = monitor.registerResource.bind(monitor);
  // The mocks keep options to themselves, and know no hooks.
  Object.assign(monitor, {
    registerResource: async (request: resourceProto.RegisterResourceRequest, callback: unknown) => {
      const its = optionsOf(request);
      options.set(`${request.getType()} ${request.getName()}`, its);
      for (const name of runHooks ? its.beforeCreate : [])
        hookErrors.set(name, (await hooks.get(name)?.()) ?? "the hook was never registered");
      return Reflect.apply(register, undefined, [request, callback]);
    },
    registerResourceHook: (
      request: resourceProto.RegisterResourceHookRequest,
      callback: (error: null, answer: object) => void,
    ) => {
      hooks.set(request.getName(), runnerOf(request.getCallback()));
      callback(null, {});
    },
  });
  return { hookErrors, options };
}

const nameOf = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);
const names = (urns: readonly string[]) => [...new Set(urns.map(nameOf))].toSorted();

const optionsOf = (request: resourceProto.RegisterResourceRequest): RegisteredOptions => ({
  parent: nameOf(request.getParent()),
  dependencies: names(request.getDependenciesList()),
  inputDependencies: Object.fromEntries(
    [...request.getPropertydependenciesMap().entries()].map(([key, it]) => [
      key,
      names(it.getUrnsList()),
    ]),
  ),
  provider: request.getProvider(),
  protect: request.getProtect() ?? false,
  ignoreChanges: request.getIgnorechangesList(),
  deleteBeforeReplace: request.getDeletebeforereplace(),
  beforeCreate: request.getHooks()?.getBeforeCreateList() ?? [],
  beforeUpdate: request.getHooks()?.getBeforeUpdateList() ?? [],
});

/** Calls back into the SDK over gRPC, the one way that a hook is reached. */
function runnerOf(callback: callbackProto.Callback | undefined): RunHook {
  if (!callback) throw new Error("a hook without a callback");
  return () =>
    new Promise((resolve, reject) => {
      const client = new CallbacksClient(callback.getTarget(), credentials.createInsecure());
      const request = new callbackProto.CallbackInvokeRequest();
      request.setToken(callback.getToken());
      request.setRequest(new resourceProto.ResourceHookRequest().serializeBinary());
      client.invoke(request, (error, answer) => {
        client.close();
        if (error) return reject(error);
        const bytes = answer.getResponse_asU8();
        return resolve(resourceProto.ResourceHookResponse.deserializeBinary(bytes).getError());
      });
    });
}
