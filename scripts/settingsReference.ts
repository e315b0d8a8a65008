/** Renders docs/settings.md from the schema of the settings, so that the reference cannot lag behind. */
import * as z from "zod";
import { SECRET_KEYS, Settings } from "../config.ts";

/** The part of JSON Schema that our settings come to. */
interface Schema {
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
}

const Schema: z.ZodType<Schema> = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  enum: z.array(z.string()).optional(),
  properties: z.lazy(() => z.record(z.string(), Schema)).optional(),
  anyOf: z.lazy(() => z.array(Schema)).optional(),
});

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
changed; all problems are reported together.

| setting | values | default | what for |
| --- | --- | --- | --- |
| \`target\` | docker | | Where the stack is deployed |
| \`edge\` | false | an edge | A stack without an edge: two containers, and LiveKit ends TLS itself |
`;

/** The whole document; \`npm run docs\` writes it. */
export function settingsReference(): string {
  const { oneOf } = z
    .object({ oneOf: z.array(Schema) })
    .parse(z.toJSONSchema(Settings, { io: "input" }));
  const groups = Object.entries(oneOf[0]?.properties ?? {});
  const rows = groups.flatMap(([group, schema]) =>
    Object.entries(propertiesOf(schema)).map(([key, it]) => line(`${group}.${key}`, it)),
  );
  return `${HEAD}${rows.join("\n")}\n`;
}

/** Of an object, or of the one among several things that is an object. */
const propertiesOf = ({ properties, anyOf = [] }: Schema): NonNullable<Schema["properties"]> =>
  properties ?? anyOf.find((it) => it.properties)?.properties ?? {};

function line(key: string, schema: Schema): string {
  // A default that the program finds stands in the description, behind the word.
  const [purpose = "", found] = (schema.description ?? "").split(" Default: ");
  const fallback = schema.default === undefined ? found : code(render(schema.default));
  const cells = [
    code(key),
    SECRET_KEYS.has(key) ? secret(schema) : values(schema),
    fallback ?? "",
    purpose.replace(/\.$/, ""),
  ];
  return `| ${cells.join(" | ")} |`;
}

const code = (text: string) => `\`${text}\``;

const render = (value: unknown) => JSON.stringify(value).replaceAll('"', "");

const secret = ({ minLength }: Schema) => `secret text, at least ${minLength} characters`;

function values({ type, minimum, maximum, enum: choices, properties }: Schema): string {
  if (properties) return code(`{${Object.keys(properties).join(", ")}}`);
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (choices) return choices.join(" or ");
  if (type === "boolean") return "true or false";
  return type === "string" ? "text" : type === "array" ? "list" : (type ?? "");
}
