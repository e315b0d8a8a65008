import type { DockerEngine } from "../../machine/dockerEngine.ts";

/**
 * An engine that is looked for at the first call. The CLI starts the plugin for every preview, and an
 * engine that cannot be used is an operation's error, not a plugin that does not start.
 */
export function lateEngine(open: () => DockerEngine): DockerEngine {
  let opened: DockerEngine | undefined;
  const engine = () => (opened ??= open());
  return {
    get endpoint() {
      return engine().endpoint;
    },
    ping: async (timeoutMs) => engine().ping(timeoutMs),
    json: async (method, path, body) => engine().json(method, path, body),
    raw: async (method, path, options) => engine().raw(method, path, options),
  };
}
