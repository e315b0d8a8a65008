import { look, type Look } from "../../machine/look.ts";
import type { Props, Value } from "../provider/value.ts";
import { formatGoDuration } from "./goDuration.ts";

const mebibytes = (bytes: number) => (bytes > 0 ? Math.floor(bytes / (1024 * 1024)) : bytes);

/**
 * A container's state from what the engine says about it (`docker inspect`) over what was wanted or
 * known before. Environment and labels are not read back: images add to both.
 * A container that stands still though it must run is stated as `mustRun: false`, and its published
 * ports are gone: that is how a refresh sees it.
 */
export function containerState(inspected: Look, before: Props): Props {
  const known = look(before);
  const config = inspected.at("Config");
  const host = inspected.at("HostConfig");
  const running = inspected.flag("State", "Running");
  const ports = running || known.flag("mustRun") ? publishedPorts(inspected) : before["ports"];
  return {
    ...completed(before),
    name: inspected.text("Name").replace(/^\//, ""),
    image: known.text("image").startsWith("sha256:")
      ? inspected.text("Image")
      : config.text("Image"),
    command: config.texts("Cmd"),
    entrypoints: config.texts("Entrypoint"),
    user: config.text("User"),
    hostname: config.text("Hostname"),
    ...(config.has("Healthcheck") ? { healthcheck: healthcheck(config.at("Healthcheck")) } : {}),
    stopSignal: config.text("StopSignal"),
    stopTimeout: config.number("StopTimeout"),

    readOnly: host.flag("ReadonlyRootfs"),
    init: host.flag("Init"),
    rm: host.flag("AutoRemove"),
    restart: host.text("RestartPolicy", "Name"),
    ...capabilities(host),
    securityOpts: host.texts("SecurityOpt"),
    sysctls: host.textMap("Sysctls"),
    tmpfs: host.textMap("Tmpfs"),
    memory: mebibytes(host.number("Memory")),
    memorySwap: mebibytes(host.number("MemorySwap")),
    shmSize: mebibytes(host.number("ShmSize")),
    ...(host.number("NanoCpus") > 0 ? { cpus: decimalCpus(host.number("NanoCpus")) } : {}),
    logDriver: host.text("LogConfig", "Type"),
    ...(known.entries("logOpts").length > 0
      ? { logOpts: host.at("LogConfig").textMap("Config") }
      : {}),
    networkMode: host.text("NetworkMode"),
    ipcMode: host.text("IpcMode"),
    runtime: host.text("Runtime"),

    platform: inspected.text("Platform"),
    bridge: inspected.text("NetworkSettings", "Bridge"),
    networkDatas: networkDatas(inspected),
    ...(known.list("ports").length > 0 && ports !== undefined ? { ports } : {}),
    ...(known.list("ulimits").length > 0 ? { ulimits: ulimits(host) } : {}),
    ...(running ? {} : { exitCode: inspected.number("State", "ExitCode"), mustRun: false }),
    containerLogs: null,
  };
}

/**
 * What is wanted, with a value for every member the official provider keeps in the state, so that it
 * finds no difference when it takes over.
 */
export function completed(wanted: Props): Props {
  const given = look(wanted);
  const every = (name: string, member: (it: Look) => Props): Props =>
    given.has(name) ? { [name]: given.list(name).map(member) } : {};
  return {
    ...wanted,
    ...every("volumes", (it) => ({
      containerPath: it.text("containerPath"),
      fromContainer: it.text("fromContainer"),
      hostPath: it.text("hostPath"),
      readOnly: it.flag("readOnly"),
      selinuxRelabel: it.text("selinuxRelabel"),
      volumeName: it.text("volumeName"),
    })),
    ...every("uploads", (it) => ({
      content: it.text("content"),
      contentBase64: it.text("contentBase64"),
      executable: it.flag("executable"),
      file: it.text("file"),
      permissions: it.text("permissions"),
      source: it.text("source"),
      sourceHash: it.text("sourceHash"),
    })),
    ...every("networksAdvanced", (it) => ({
      aliases: it.texts("aliases"),
      driverOpts: it.texts("driverOpts"),
      gwPriority: it.number("gwPriority"),
      ipv4Address: it.text("ipv4Address"),
      ipv6Address: it.text("ipv6Address"),
      linkLocalIps: it.texts("linkLocalIps"),
      macAddress: it.text("macAddress"),
      name: it.text("name"),
    })),
  };
}

/** What the engine really publishes, by internal port; a container that stands still publishes nothing. */
function publishedPorts(inspected: Look): Value[] {
  return inspected
    .entries("NetworkSettings", "Ports")
    .map(([key, bindings]) => ({ port: Number.parseInt(key, 10), key, bindings }))
    .toSorted((a, b) => a.port - b.port)
    .flatMap(({ port, key, bindings }) =>
      bindings.list().map((it) => ({
        internal: port,
        external: Number(it.text("HostPort")),
        ip: it.text("HostIp"),
        protocol: key.slice(key.indexOf("/") + 1),
      })),
    );
}

const networkDatas = (inspected: Look): Value[] =>
  inspected.entries("NetworkSettings", "Networks").map(([networkName, it]) => ({
    networkName,
    ipAddress: it.text("IPAddress"),
    ipPrefixLength: it.number("IPPrefixLen"),
    gateway: it.text("Gateway"),
    globalIpv6Address: it.text("GlobalIPv6Address"),
    globalIpv6PrefixLength: it.number("GlobalIPv6PrefixLen"),
    ipv6Gateway: it.text("IPv6Gateway"),
    macAddress: it.text("MacAddress"),
  }));

function capabilities(host: Look): Props {
  const [adds, drops] = [host.texts("CapAdd"), host.texts("CapDrop")];
  return adds.length + drops.length > 0 ? { capabilities: { adds, drops } } : {};
}

const ulimits = (host: Look): Value[] =>
  host.list("Ulimits").map((it) => ({
    name: it.text("Name"),
    soft: it.number("Soft"),
    hard: it.number("Hard"),
  }));

const healthcheck = (check: Look): Props => ({
  tests: check.texts("Test"),
  interval: formatGoDuration(check.number("Interval")),
  timeout: formatGoDuration(check.number("Timeout")),
  startPeriod: formatGoDuration(check.number("StartPeriod")),
  startInterval: formatGoDuration(check.number("StartInterval")),
  retries: check.number("Retries"),
});

/**
 * CPUs as the official provider writes them back: `0.5`, `0.25`, and `1.0` for a whole number - so that
 * `cpus: "1"` differs, and replaces the container, on every update (helpers.go, nanoInt64ToDecimalString).
 */
export function decimalCpus(nanoCpus: number): string {
  const text = (nanoCpus / 1e9).toFixed(9);
  if (text.split("0").length - 1 === 9) return (nanoCpus / 1e9).toFixed(1);
  return text.replace(/0+$/, "");
}
