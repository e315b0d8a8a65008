import { describe, expect, test } from "@jest/globals";
import { parseSettings, stackValues } from "../config.ts";
import { awsValues } from "./support/plans.ts";

const problemsOf = (values: Record<string, unknown>): string[] => {
  try {
    parseSettings(values);
  } catch (error) {
    return String(error instanceof Error ? error.message : error).split("\n");
  }
  return [];
};

const dockerRotations = (rotations: readonly unknown[]) =>
  parseSettings({ target: "docker", keys: { rotations } }).keys.rotations;

test("a stack that names only its target gets every default", () => {
  expect(parseSettings({ target: "docker" })).toMatchObject({
    livekit: { port: 7880, metricsPort: 6789 },
    rtc: { tcpPort: 7881 },
    turn: { udpPort: 443, tlsPort: 5349, credentialTtlSeconds: 86_400 },
    api: { port: 7890, roomTokenTtlSeconds: 3_600 },
  });
});

describe("a wrong setting is named with its value, what is wanted and the command that mends it", () => {
  test.each([
    [{ target: "azure" }, 'target: given "azure", wanted one of docker, aws'],
    [{ rtc: "wide" }, 'rtc: given "wide", wanted an object'],
    [{ turn: { domain: "localhost" } }, 'turn.domain: given "localhost", wanted a name with a dot'],
    [{ turn: { udpPort: "443" } }, 'turn.udpPort: given "443", wanted a whole number'],
    [{ api: { port: 0 } }, "api.port: given 0, wanted at least 1"],
    [{ turn: { udpPort: 444 } }, "turn.udpPort: given 444, wanted 53, 80, 443, or 1024 and above"],
    [{ turn: { credentialTtlSeconds: 86_401 } }, "turn.credentialTtlSeconds: given 86401, wanted"],
    [{ livekit: { version: "1.13.4" } }, 'livekit.version: given "1.13.4", wanted 1.13.5 or newer'],
    [{ livekit: { version: "v1.13.5" } }, 'livekit.version: given "v1.13.5", wanted a version'],
    [
      { rtc: { mediaPorts: { from: 9, to: 8 } } },
      "rtc.mediaPorts.to: given 8, wanted from at most",
    ],
    [{ api: { demo: "yes" } }, 'api.demo: given "yes", wanted true or false'],
    [{ keys: { revoked: [1] } }, "keys.revoked[0]: given 1, wanted none: the keys of generation 1"],
    [
      { keys: { rotations: ["2026-11-22"], revoked: [1, 2] } },
      "keys.revoked[1]: given 2, wanted 1 to 1: the keys of generation 2 are the current ones",
    ],
    [{ keys: { revoked: ["1"] } }, 'keys.revoked[0]: given "1", wanted a generation, such as 1'],
    [{ api: { image: "a b" } }, 'api.image: given "a b", wanted an image reference'],
    [{ edge: { httpsPort: 444 } }, "edge.httpsPort: given 444, wanted 53, 80, 443, or 1024"],
    [{ edge: true }, "edge: given true, wanted false, or an object of the edge's settings"],
    [{ edge: { cpus: 0.25 } }, "edge.cpus: given 0.25, wanted a multiple of 0.1"],
    [{ docker: { network: "none" } }, 'docker.network: given "none", wanted one of host, bridge'],
    [{ turn: { prot: 1 } }, "turn.prot: given 1, wanted no such setting - pulumi config rm --path"],
  ])("%j", (values, line) => {
    const [count, problem] = problemsOf({ target: "docker", ...values });
    expect(count).toBe("one setting is wrong");
    expect(problem).toContain(line);
    expect(problem).toMatch(/ - pulumi config (set|rm) .*turnkey:/);
  });
});

test("everything wrong is reported together", () => {
  const lines = problemsOf({
    target: "docker",
    turn: { udpPort: "443", foo: 1 },
    livekit: { version: "1" },
    bar: true,
  });
  expect(lines[0]).toBe("4 settings are wrong");
  expect(lines).toHaveLength(5);
});

test("ports that clash are named by the setting that moves them", () => {
  expect(
    problemsOf({ target: "docker", api: { port: 7880 }, turn: { relayPorts: { from: 1, to: 2 } } }),
  ).toEqual([
    "2 settings are wrong",
    "  turn.relayPorts: given 1-2/udp, wanted ports inside those of media, 50100-50200/udp - pulumi config set --path turnkey:turn.relayPorts <value>",
    "  api.port: given 7880/tcp, wanted no port of signalling, 7880/tcp - pulumi config set --path turnkey:api.port <value>",
  ]);
});

test("rotations that come too early are told together with ports that clash, with their index", () => {
  expect(
    problemsOf({
      target: "docker",
      api: { port: 7880 },
      keys: { rotations: ["2026-11-22", "2026-11-22 01:00:00 +0000 UTC"] },
    }),
  ).toEqual([
    "2 settings are wrong",
    "  api.port: given 7880/tcp, wanted no port of signalling, 7880/tcp - pulumi config set --path turnkey:api.port <value>",
    `  keys.rotations[1]: given "2026-11-22T01:00:00Z", wanted 2026-11-23T00:00:00Z or later: what the keys before it made lives for 86400 s (turn.credentialTtlSeconds) - pulumi config set --path 'turnkey:keys.rotations[1]' <value>`,
  ]);
});

describe("a date of a rotation", () => {
  test.each(["2026-11-22", "2026-11-22T04:05:06Z", "2026-11-22T04:05:06+02:00"])(
    "may be %s",
    (it) => {
      expect(dockerRotations([it])).toEqual([it]);
    },
  );

  test("without quotes in the stack's file arrives as a time of Go, and is kept in ISO 8601", () => {
    expect(dockerRotations(["2026-11-22 00:00:00 +0000 UTC"])).toEqual(["2026-11-22T00:00:00Z"]);
  });

  test.each(["soon", "2026-13-01", "2026-02-30", "22.11.2026", "2026-11-22T04:05:06", 2026])(
    "may not be %p",
    (it) => {
      const lines = problemsOf({ target: "docker", keys: { rotations: ["2026-01-01", it] } });
      expect(lines[1]).toBe(
        `  keys.rotations[1]: given ${JSON.stringify(it)}, wanted a date such as 2026-11-22 - pulumi config set --path 'turnkey:keys.rotations[1]' <value>`,
      );
    },
  );
});

describe("a certificate of one's own takes both files", () => {
  test.each([
    [{ chainFile: "a.pem" }, "certificate.keyFile", "certificate.chainFile"],
    [{ keyFile: "a.key" }, "certificate.chainFile", "certificate.keyFile"],
  ])("%j", (certificate, missing, other) => {
    expect(problemsOf({ target: "docker", certificate })).toEqual([
      "one setting is wrong",
      `  ${missing}: given not set, wanted a file's path as well, since ${other} is set - pulumi config set --path turnkey:${missing} <value>`,
    ]);
  });
});

describe("target aws", () => {
  test("refuses the generated secret", () => {
    expect(problemsOf({ target: "aws" }).join("\n")).toMatch(
      /api\.signIn\.secret: given not set, wanted a secret of your own; a generated one is for target docker only - pulumi config set --secret/,
    );
  });

  test("takes a secret of one's own", () => {
    expect(problemsOf(awsValues)).toEqual([]);
  });

  test("needs a region", () => {
    expect(problemsOf({ ...awsValues, aws: {} }).join("\n")).toMatch(
      /aws\.region: given not set, wanted a region such as eu-central-1/,
    );
  });

  test.each([
    [{ edge: "false" }, "edge: given"],
    [{ docker: { network: "host" } }, "docker: given"],
    [{ turn: { domain: "18.184.1.2" } }, "turn.domain: given"],
    [{ livekit: { domain: "rtc.example.com" } }, "livekit.domain: given"],
    [{ aws: { region: "eu-central-1", zoneId: "Z0123456789ABC" } }, "aws.zoneId: given"],
    [{ aws: { region: "Frankfurt" } }, "aws.region: given"],
    [{ aws: { region: "cn-north-1" } }, "aws.region: given"],
    [{ aws: { region: "us-iso-east-1" } }, "aws.region: given"],
    [{ aws: { region: "eu-central-1", vpc: { cidr: "10.77.0.1/24" } } }, "aws.vpc.cidr: given"],
    [
      { aws: { region: "eu-central-1", vpc: { id: "vpc-0a1b2c3d4e5f60718" } } },
      "aws.vpc.cidr: given",
    ],
    [{ aws: { region: "eu-central-1", zones: ["a", "a"] } }, "aws.zones: given"],
    [{ aws: { region: "eu-central-1", tags: { Name: "x" } } }, "aws.tags.Name: given"],
    [{ aws: { region: "eu-central-1", tags: { name: "x" } } }, "aws.tags.name: given"],
    [{ aws: { region: "eu-central-1", tags: { "AWS:a": "x" } } }, "aws.tags.AWS:a: given"],
    [{ aws: { region: "eu-central-1", tags: { "a&b": "x" } } }, "aws.tags.a&b: given"],
    [{ aws: { region: "eu-central-1", tags: { owner: "a, b" } } }, "aws.tags.owner: given"],
    [{ aws: { region: "eu-central-1", tags: { Team: "a", team: "b" } } }, "aws.tags: given"],
    [{ aws: { region: "eu-central-1", logRetentionDays: 31 } }, "aws.logRetentionDays: given 31"],
    [{ api: { ...awsValues.api, image: "registry.example.com/api:latest" } }, "api.image: given"],
  ])("refuses %j", (values, problem) => {
    const problems = problemsOf({ ...awsValues, ...values }).join("\n");
    expect(problems).toContain(`  ${problem}`);
  });

  test.each(["eu-central-1", "us-gov-west-1", "ap-southeast-4"])(
    "takes the region %s",
    (region) => {
      const tags = { team: "Stimme und Bild", "cost-center": "4711/ä@b.example" };
      expect(problemsOf({ ...awsValues, aws: { region, tags } })).toEqual([]);
    },
  );

  test.each([
    ["arm64", "c7g.xlarge"],
    ["arm64", "im4gn.large"],
    ["arm64", "t4g.medium"],
    ["amd64", "c7i.large"],
    ["amd64", "m7i-flex.large"],
    ["amd64", "g4dn.xlarge"],
  ] as const)(
    "a node with %s processors may be a %s, and of the others it may not",
    (architecture, instanceType) => {
      const region = "eu-central-1";
      expect(problemsOf({ ...awsValues, aws: { region, architecture, instanceType } })).toEqual([]);
      const other = architecture === "arm64" ? "amd64" : "arm64";
      const wrong = { region, architecture: other, instanceType };
      expect(problemsOf({ ...awsValues, aws: wrong }).join("\n")).toMatch(
        new RegExp(
          `aws\\.instanceType: given "${instanceType}", wanted a type with ${other} processors such as c7.\\.large, or aws\\.architecture ${architecture}`,
        ),
      );
    },
  );

  test("takes a project's defaults for groups of another target: empty ones say nothing", () => {
    expect(problemsOf({ ...awsValues, docker: {} })).toEqual([]);
    expect(problemsOf({ target: "docker", aws: {} })).toEqual([]);
  });

  test("has no demo page, which would let people in without a sign-in", () => {
    const api = { signIn: { kind: "jwt", secret: "x".repeat(32) }, demo: true };
    expect(problemsOf({ target: "aws", api }).join("\n")).toMatch(
      /api\.demo: given true, wanted no such setting/,
    );
  });
});

describe("a secret's value never appears in a message", () => {
  test.each([
    {
      api: { signIn: { kind: "jwt", secret: "hunter2" } },
      told: "api.signIn.secret: given a secret value",
    },
    {
      api: { signIn: { kind: "cookie", secrets: ["hunter2"] } },
      told: "api.signIn.secrets[0]: given a secret value",
    },
    {
      api: { iceSources: { kind: "xirsys", secret: "hunter2" } },
      told: 'api.iceSources: given {"kind":"xirsys","secret":"a secret value"}',
    },
    {
      api: { iceSources: [{ kind: "cloudflare", keyId: "k", apiToken: "hunter2 " }] },
      told: "api.iceSources[0].apiToken: given a secret value",
    },
    {
      api: { iceSources: [{ kind: "livekit", authToken: "hunter2" }] },
      told: "api.iceSources[0].authToken: given a text, wanted no such setting",
    },
    {
      api: { signin: { kind: "jwt", secret: "hunter2" } },
      told: "api.signin: given an object, wanted no such setting",
    },
    { api: { signIn: '{"kind": "jwt", "secret": "hunter2"}' }, told: "api.signIn: given a text" },
  ])("$told", ({ api, told }) => {
    const text = problemsOf({ target: "docker", api }).join("\n");
    expect(text).toContain(told);
    expect(text).not.toContain("hunter2");
  });
});

test("a stack's values are read without their prefix, and objects as objects", () => {
  expect(
    stackValues({
      "turnkey:target": "docker",
      "turnkey:turn": '{"udpPort":3478}',
      "turnkey:odd": "[not json",
      "docker:host": "unix:///x",
    }),
  ).toEqual({ target: "docker", turn: { udpPort: 3478 }, odd: "[not json" });
});
