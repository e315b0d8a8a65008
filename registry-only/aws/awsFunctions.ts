import { look } from "../../machine/look.ts";
import type { ProviderFunction } from "../provider/functions.ts";
import type { Field, KindTable } from "../provider/kind.ts";
import { text as textOf, texts as textsOf } from "../provider/read.ts";
import type { Props } from "../provider/value.ts";
import type { Cloud } from "./cloud.ts";
import type { Place } from "./place.ts";
import { globalArn } from "./place.ts";

/** What the functions look at; without a recorded cloud their answers never vary. */
export interface FunctionWorld {
  place(): Place;
  recorded(): Cloud | undefined;
}

const text: Field = { type: "string" };
const texts: Field = { type: { list: "string" } };
const region = { region: text };
const filters: Field = { type: { list: { object: { name: text, values: texts } } } };

/** The public parameters of Amazon Linux 2023 (AL2023 User Guide, "Using the SSM parameter store"). */
const amazonLinux = /^\/aws\/service\/ami-amazon-linux-latest\/al2023-ami-[\w.-]+-(arm64|x86_64)$/;

const amis: { readonly [architecture: string]: string } = {
  arm64: "ami-0a2023000000000a1",
  x86_64: "ami-0a2023000000000b2",
};

/** Every function of the `aws` provider that Turnkey calls, by token. */
export function awsFunctions(world: FunctionWorld): {
  readonly [token: string]: ProviderFunction;
} {
  return {
    "aws:index/getCallerIdentity:getCallerIdentity": {
      table: table({ id: text }),
      answer: () => {
        const place = world.place();
        return {
          accountId: place.account,
          arn: globalArn(place, "iam", "user/deployer"),
          id: place.account,
          userId: "AIDAEXAMPLEDEPLOYER00",
        };
      },
    },
    "aws:index/getPartition:getPartition": {
      table: table({ id: text }),
      answer: () => {
        const { name, dnsSuffix } = world.place().partition;
        const reverseDnsPrefix = dnsSuffix.split(".").toReversed().join(".");
        return { dnsSuffix, id: name, partition: name, reverseDnsPrefix };
      },
    },
    "aws:index/getAvailabilityZones:getAvailabilityZones": {
      table: table({ ...region, state: text, excludeNames: texts, filters }),
      answer: (args) => {
        const here = textIn(args, "region") ?? world.place().region;
        const excluded = textsOf(args, "excludeNames");
        const zones = ["a", "b", "c"].filter((zone) => !excluded.includes(`${here}${zone}`));
        return {
          ...args,
          region: here,
          id: here,
          groupNames: [here],
          names: zones.map((zone) => `${here}${zone}`),
          zoneIds: zones.map((zone) => `${zoneIdOf(here)}-az${zone.charCodeAt(0) - 96}`),
        };
      },
    },
    "aws:ssm/getParameter:getParameter": {
      table: table({ ...region, name: text, withDecryption: { type: "boolean" } }, ["value"]),
      answer: (args) => {
        const name = textOf(args, "name");
        const architecture = amazonLinux.exec(name)?.[1];
        if (architecture === undefined) {
          throw new Error(
            `the registry-only stand-in for aws does not know parameter ${name}; it knows the ` +
              "public ones of Amazon Linux 2023, /aws/service/ami-amazon-linux-latest/al2023-ami-*",
          );
        }
        const changed = look(world.recorded()?.given("parameters.json")).text(name);
        const value = changed || (amis[architecture] ?? "");
        const here = textIn(args, "region") ?? world.place().region;
        return {
          ...args,
          arn: `arn:${world.place().partition.name}:ssm:${here}::parameter${name}`,
          id: name,
          insecureValue: value,
          region: here,
          type: "String",
          value,
          version: 1,
        };
      },
    },
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": {
      table: table({ ...region, registryId: text }, ["authorizationToken", "password"]),
      answer: (args) => {
        const { account, partition, region: own } = world.place();
        const [here, registry] = [textIn(args, "region") ?? own, textIn(args, "registryId")];
        const password = "recorded-password";
        return {
          ...args,
          authorizationToken: Buffer.from(`AWS:${password}`).toString("base64"),
          expiresAt: "2099-01-01T00:00:00Z",
          id: here,
          password,
          proxyEndpoint: `https://${registry ?? account}.dkr.ecr.${here}.${partition.dnsSuffix}`,
          region: here,
          userName: "AWS",
        };
      },
    },
  };
}

function table(inputs: KindTable["inputs"], secret: readonly string[] = []): KindTable {
  const outputs = Object.fromEntries(secret.map((name) => [name, { secret: true as const }]));
  return { inputs, outputs };
}

function textIn(args: Props, name: string): string | undefined {
  const value = args[name];
  return typeof value === "string" ? value : undefined;
}

/** `eu-central-1` to `euc1`, as zones are numbered in it. */
const zoneIdOf = (here: string) =>
  here.replace(/^(\w+?)-(\w)\w*-(\d)$/, (_, area, direction, number) => area + direction + number);
