/** Renders docs/settings.md from the schema of the settings, so that the reference cannot lag behind. */
import * as z from "zod";
import { Settings } from "../config.ts";

/** The part of JSON Schema that our settings come to. */
interface Schema {
  readonly type?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
}

const Schema: z.ZodType<Schema> = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  properties: z.lazy(() => z.record(z.string(), Schema)).optional(),
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
`;

/** The whole document; \`npm run docs\` writes it. */
export function settingsReference(): string {
  const { oneOf } = z
    .object({ oneOf: z.array(Schema) })
    .parse(z.toJSONSchema(Settings, { io: "input" }));
  const groups = Object.entries(oneOf[0]?.properties ?? {});
  const rows = groups.flatMap(([group, { properties }]) =>
    Object.entries(properties ?? {}).map(([key, schema]) => line(`${group}.${key}`, schema)),
  );
  return `${HEAD}${rows.join("\n")}\n`;
}

function line(key: string, schema: Schema): string {
  // A default that the program finds stands in the description, behind the word.
  const [purpose = "", found] = (schema.description ?? "").split(" Default: ");
  const fallback = schema.default === undefined ? found : code(render(schema.default));
  const cells = [code(key), values(schema), fallback ?? "", purpose.replace(/\.$/, "")];
  return `| ${cells.join(" | ")} |`;
}

const code = (text: string) => `\`${text}\``;

const render = (value: unknown) => JSON.stringify(value).replaceAll('"', "");

function values({ type, minimum, maximum, minLength, properties }: Schema): string {
  if (properties) return code(`{${Object.keys(properties).join(", ")}}`);
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (minLength !== undefined) return `secret text, at least ${minLength} characters`;
  return type === "string" ? "text" : (type ?? "");
}
