/** Renders docs/settings.md from the schema of the settings, so that the reference cannot lag behind. */
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { SECRET_NAMES, Settings } from "../config.ts";

/** The part of JSON Schema that our settings come to. */
interface Schema {
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly enum?: readonly (string | number)[] | undefined;
  readonly prefixItems?: readonly unknown[] | undefined;
  /** Not of JSON Schema: whether the object it belongs to needs it. */
  readonly needed?: boolean | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  /** One of several kinds of object, told apart by their `kind`. */
  readonly oneOf?: readonly Schema[] | undefined;
  readonly items?: Schema | undefined;
  readonly required?: readonly string[] | undefined;
}

const Schema: z.ZodType<Schema> = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  prefixItems: z.array(z.unknown()).optional(),
  properties: z.lazy(() => z.record(z.string(), Schema)).optional(),
  anyOf: z.lazy(() => z.array(Schema)).optional(),
  oneOf: z.lazy(() => z.array(Schema)).optional(),
  // Of a tuple: false, as there are no others.
  items: z.lazy(() => z.union([Schema, z.literal(false).transform(() => undefined)])).optional(),
  required: z.array(z.string()).optional(),
});

const TABLE = `| setting | values | default | what for |
| --- | --- | --- | --- |`;

const HEAD = `# Settings

Everything a stack can say, in \`Pulumi.<stack>.yaml\`. Set one with
\`npx pulumi config set --path turnkey:turn.udpPort 3478 --stack dev\`, or write it into the file:

\`\`\`yaml
config:
  turnkey:target: docker
  turnkey:turn:
    udpPort: 3478
\`\`\`

A key that is not listed here, or a value out of its range, stops the update before anything is
changed; all problems are reported together. Secrets are set with \`--secret\`, which encrypts them in the file.

${TABLE}
| \`target\` | docker or aws | | Where the stack is deployed |
| \`edge\` | false | an edge | A stack without an edge: two containers, and LiveKit ends TLS itself |
`;

/** The whole document; `npm run docs` writes it. */
export function settingsReference(): string {
  const { oneOf } = z
    .object({ oneOf: z.array(Schema) })
    .parse(z.toJSONSchema(Settings, { io: "input" }));
  const [docker, aws] = [settingsIn(oneOf[0]), settingsIn(oneOf[1])];
  const missing = [...docker.keys()].filter((key) => !aws.has(key)).map(code);
  return `${HEAD}${tables(docker)}${awsHead(missing)}${tables(onlyIn(aws, docker))}`;
}

/** The settings of a target, by key. */
type Reference = ReadonlyMap<string, Schema>;

const settingsIn = (target: Schema | undefined): Reference =>
  new Map(
    Object.entries(target?.properties ?? {}).flatMap(([group, schema]) =>
      Object.entries(propertiesOf(schema)).flatMap(([key, it]) =>
        flatten(`${group}.${key}`, it, schema.required?.includes(key)),
      ),
    ),
  );

/** What one target has and another has not, or has otherwise. */
const onlyIn = (target: Reference, other: Reference): Reference =>
  new Map([...target].filter(([key, it]) => !isDeepStrictEqual(it, other.get(key))));

function tables(settings: Reference): string {
  const rows = [...settings].map(([key, it]) => line(key, it, it.needed));
  return `${rows.join("\n")}\n${[...settings].flatMap(kindTables).join("")}`;
}

const awsHead = (missing: readonly string[]) => `
## Target aws

All of the above but ${missing.join(", ")} and \`edge: false\`. These are there alone, or mean something else there;
[Production](production.md) says how to begin.

${TABLE}
`;

/** Of an object, or of the one among several things that is an object. */
const propertiesOf = ({ properties, anyOf = [] }: Schema): NonNullable<Schema["properties"]> =>
  properties ?? anyOf.find((it) => it.properties)?.properties ?? {};

/** A setting, or the settings that it is made of when each of them is described. */
function flatten(key: string, schema: Schema, needed?: boolean): [string, Schema][] {
  const parts = Object.entries(schema.properties ?? {});
  return parts.length > 0 && parts.every(([, it]) => it.description !== undefined)
    ? parts.flatMap(([name, it]) => flatten(`${key}.${name}`, it))
    : [[key, { ...schema, needed }]];
}

const kindsOf = (schema: Schema): readonly Schema[] => schema.oneOf ?? schema.items?.oneOf ?? [];

const kindName = ({ properties }: Schema) => String(properties?.["kind"]?.const);

/** A table for each kind of a setting that has kinds. */
function kindTables([key, schema]: readonly [string, Schema]): string[] {
  const place = schema.items ? `${key}[0]` : key;
  return kindsOf(schema).map((kind) => {
    const { kind: own, ...others } = kind.properties ?? {};
    const rows = Object.entries(others).map(([name, it]) =>
      line(`${place}.${name}`, it, kind.required?.includes(name)),
    );
    const head = `\n## ${code(key)}, kind ${code(kindName(kind))}\n\n${own?.description ?? ""}.\n`;
    return rows.length === 0 ? head : `${head}\n${TABLE}\n${rows.join("\n")}\n`;
  });
}

function line(key: string, schema: Schema, isNeeded = false): string {
  // A default that the program finds stands in the description, behind the word.
  const [purpose = "", found] = (schema.description ?? "").split(" Default: ");
  const fallback = schema.default === undefined ? found : code(render(schema.default));
  const isSecret = SECRET_NAMES.has(key.slice(key.lastIndexOf(".") + 1));
  const cells = [
    code(key),
    isSecret ? secret(schema) : values(schema),
    fallback ?? (isNeeded ? "none: needed" : ""),
    purpose.replace(/\.$/, ""),
  ];
  return `| ${cells.join(" | ")} |`;
}

const code = (text: string) => `\`${text}\``;

const render = (value: unknown) => JSON.stringify(value).replaceAll('"', "");

const secret = ({ type, minLength }: Schema) =>
  type === "array"
    ? "list of secret texts"
    : minLength === undefined
      ? "secret text"
      : `secret text, at least ${minLength} characters`;

function values(schema: Schema): string {
  const { type, minimum, maximum, enum: choices, properties } = schema;
  const kinds = kindsOf(schema);
  if (kinds.length > 0)
    return `${schema.items ? "list of kinds" : "kind"} ${kinds.map(kindName).join(", ")}`;
  if (properties) return code(`{${Object.keys(properties).join(", ")}}`);
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (choices) return choices.join(choices.length > 3 ? ", " : " or ");
  if (schema.prefixItems) return `list of ${schema.prefixItems.length}`;
  if (type === "boolean") return "true or false";
  return type === "string" ? "text" : type === "array" ? "list" : (type ?? "");
}
