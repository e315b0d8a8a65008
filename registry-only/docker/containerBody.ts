import { look, type Look } from "../../machine/look.ts";
import type { Props } from "../provider/value.ts";
import { parseGoDuration } from "./goDuration.ts";
import { labelMap } from "./labels.ts";

const mebibyte = 1024 * 1024;

/** The body of `POST /containers/create` for a container's inputs; networks and files come after it. */
export function containerBody(inputs: Props): Record<string, unknown> {
  const given = look(inputs);
  return {
    Image: given.text("image"),
    Hostname: given.text("hostname"),
    User: given.text("user"),
    Env: unlessEmpty(given.texts("envs")),
    Cmd: unlessEmpty(given.texts("command")),
    Entrypoint: unlessEmpty(given.texts("entrypoints")),
    Labels: labelMap(inputs["labels"]),
    ExposedPorts: Object.fromEntries(given.list("ports").map((it) => [portKey(it), {}])),
    Volumes: Object.fromEntries(given.list("volumes").map((it) => [it.text("containerPath"), {}])),
    StopSignal: given.text("stopSignal"),
    StopTimeout: given.number("stopTimeout") || undefined,
    Healthcheck: given.has("healthcheck") ? healthcheck(given.at("healthcheck")) : undefined,
    HostConfig: hostConfig(given),
  };
}

/** What a change of memory or restart policy asks of a running container. */
export const containerUpdate = (news: Props): Record<string, unknown> => ({
  RestartPolicy: { Name: look(news).text("restart") },
  Memory: look(news).number("memory") * mebibyte,
  MemorySwap: swap(look(news)),
});

function hostConfig(given: Look): Record<string, unknown> {
  return {
    AutoRemove: given.flag("rm"),
    ReadonlyRootfs: given.flag("readOnly"),
    // Always said, so that the daemon's own default never counts.
    Init: given.flag("init"),
    RestartPolicy: { Name: given.text("restart") },
    NetworkMode: given.text("networkMode"),
    PortBindings: portBindings(given.list("ports")),
    Binds: given.list("volumes").map(bind),
    Tmpfs: given.textMap("tmpfs"),
    CapAdd: given.texts("capabilities", "adds"),
    CapDrop: given.texts("capabilities", "drops"),
    SecurityOpt: given.texts("securityOpts"),
    Sysctls: given.textMap("sysctls"),
    Ulimits: given.list("ulimits").map((it) => ({
      Name: it.text("name"),
      Soft: it.number("soft"),
      Hard: it.number("hard"),
    })),
    Memory: given.number("memory") * mebibyte,
    MemorySwap: swap(given),
    NanoCpus: Math.round(Number(given.text("cpus")) * 1e9),
    LogConfig: { Type: given.text("logDriver"), Config: given.textMap("logOpts") },
  };
}

/** -1 means without limit and is no amount. */
function swap(given: Look): number {
  const mebibytes = given.number("memorySwap");
  return mebibytes > 0 ? mebibytes * mebibyte : mebibytes;
}

const portKey = (port: Look) => `${port.number("internal")}/${port.text("protocol")}`;

function portBindings(ports: Look[]): Record<string, unknown[]> {
  const bindings: Record<string, unknown[]> = {};
  for (const port of ports)
    (bindings[portKey(port)] ??= []).push({
      HostIp: port.text("ip"),
      // 0 lets the engine choose.
      HostPort: String(port.number("external")),
    });
  return bindings;
}

const bind = (volume: Look) =>
  `${volume.text("volumeName")}:${volume.text("containerPath")}:${volume.flag("readOnly") ? "ro" : "rw"}`;

function healthcheck(given: Look): Record<string, unknown> {
  const nanoseconds = (name: string) => parseGoDuration(given.text(name)) ?? 0;
  return {
    Test: given.texts("tests"),
    Interval: nanoseconds("interval"),
    Timeout: nanoseconds("timeout"),
    StartPeriod: nanoseconds("startPeriod"),
    StartInterval: nanoseconds("startInterval"),
    Retries: given.number("retries"),
  };
}

const unlessEmpty = (texts: string[]) => (texts.length > 0 ? texts : undefined);
