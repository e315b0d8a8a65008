import type { Fields, FieldType, KindTable } from "../provider/kind.ts";
import { labelField } from "./labels.ts";
import { meta } from "./meta.ts";

const setOf = (fields: Fields): FieldType => ({ set: { object: fields } });
const texts: FieldType = { set: "string" };
const textMap: FieldType = { map: "string" };

const ports = setOf({
  internal: { type: "integer", required: true },
  external: { type: "integer", computed: true },
  ip: { type: "string", default: "0.0.0.0" },
  protocol: { type: "string", default: "tcp", oneOf: ["tcp", "udp"] },
});

const uploads = setOf({
  file: { type: "string", required: true },
  content: { type: "string" },
  contentBase64: { type: "string" },
  source: { type: "string" },
  sourceHash: { type: "string" },
  permissions: { type: "string" },
  executable: { type: "boolean" },
});

const healthcheck: FieldType = {
  object: {
    tests: { type: { list: "string" } },
    interval: { type: "string", default: "0s" },
    timeout: { type: "string", default: "0s" },
    startPeriod: { type: "string", default: "0s" },
    startInterval: { type: "string", default: "0s" },
    retries: { type: "integer" },
  },
};

const inputs: Fields = {
  name: { type: "string", required: true, replaces: true },
  image: { type: "string", required: true, replaces: true },
  command: { type: { list: "string" }, replaces: true, computed: true },
  entrypoints: { type: { list: "string" }, replaces: true, computed: true },
  envs: { type: texts, replaces: true, computed: true },
  user: { type: "string", replaces: true, computed: true },
  hostname: { type: "string", replaces: true, computed: true },
  labels: { ...labelField, computed: true },

  readOnly: { type: "boolean", replaces: true, stateDefault: false },
  capabilities: {
    type: { object: { adds: { type: texts }, drops: { type: texts } } },
    replaces: true,
  },
  securityOpts: { type: texts, replaces: true, computed: true },
  ulimits: {
    type: setOf({
      name: { type: "string", required: true },
      soft: { type: "integer", required: true },
      hard: { type: "integer", required: true },
    }),
    replaces: true,
  },
  sysctls: { type: textMap, replaces: true },
  init: { type: "boolean", computed: true },

  networkMode: { type: "string", replaces: true, default: "bridge" },
  networksAdvanced: {
    type: setOf({ name: { type: "string", required: true }, aliases: { type: texts } }),
    replaces: true,
  },
  ports: { type: ports, replaces: true },

  volumes: {
    type: setOf({
      volumeName: { type: "string", required: true },
      containerPath: { type: "string", required: true },
      readOnly: { type: "boolean" },
    }),
    replaces: true,
  },
  uploads: { type: uploads, replaces: true },
  tmpfs: { type: textMap },

  memory: { type: "integer" },
  memorySwap: { type: "integer" },
  cpus: { type: "string", replaces: true },
  logDriver: { type: "string", replaces: true, computed: true },
  logOpts: { type: textMap, replaces: true },

  healthcheck: { type: healthcheck, computed: true },
  restart: {
    type: "string",
    default: "no",
    oneOf: ["no", "on-failure", "always", "unless-stopped"],
  },
  start: { type: "boolean", default: true },
  mustRun: { type: "boolean", default: true },
  wait: { type: "boolean", stateDefault: false },
  waitTimeout: { type: "integer", default: 60 },
  stopSignal: { type: "string", replaces: true, computed: true },
  stopTimeout: { type: "integer", replaces: true, computed: true },
  destroyGraceSeconds: { type: "integer" },
  rm: { type: "boolean", stateDefault: false },
  removeVolumes: { type: "boolean", default: true },
  containerReadRefreshTimeoutMilliseconds: { type: "integer", default: 15_000 },
};

/** The inputs of a container that this project declares, and the official provider's other properties. */
export const containerTable: KindTable = {
  inputs,
  outputs: {
    bridge: {},
    containerLogs: {},
    exitCode: {},
    ipcMode: {},
    networkDatas: {},
    platform: {},
    runtime: {},
    shmSize: {},
    attach: { always: false },
    logs: { always: false },
    memoryReservation: { always: 0 },
    stdinOpen: { always: false },
    tty: { always: false },
  },
  // What the official provider's schema marks as replacing (kinds.json of its recordings).
  stables: [
    "capabilities",
    "cgroupParent",
    "cgroupnsMode",
    "command",
    "cpus",
    "deviceRequests",
    "devices",
    "dns",
    "dnsOpts",
    "dnsSearches",
    "domainname",
    "entrypoints",
    "envs",
    "gpus",
    "groupAdds",
    "hostname",
    "hosts",
    "image",
    "ipcMode",
    "labels",
    "logDriver",
    "logOpts",
    "mounts",
    "name",
    "networkMode",
    "networksAdvanced",
    "pidMode",
    "platform",
    "ports",
    "privileged",
    "publishAllPorts",
    "readOnly",
    "runtime",
    "securityOpts",
    "shmSize",
    "stdinOpen",
    "stopSignal",
    "stopTimeout",
    "storageOpts",
    "sysctls",
    "tty",
    "ulimits",
    "uploads",
    "user",
    "usernsMode",
    "volumes",
    "workingDir",
  ],
  meta: meta.container,
  deleteBeforeReplace: true,
};
