/** Renders docs/policies.md from the rules, so that the list cannot lag behind. */
import * as z from "zod";
import { ourExceptions } from "./ourExceptions.ts";
import type { AnyRule } from "./rule.ts";
import { ruleGroups } from "./rules/index.ts";
import { settingSchemas } from "./ruleSettings.ts";

const HEAD = `# Policies

A policy pack for Pulumi that knows TURN. It judges what a program is about to deploy: the relay's own
configuration, the containers it runs in, and the machine, network and permissions around them on AWS.
What breaks a mandatory rule stops the preview, before anything is changed.

## Use it

\`\`\`sh
npm run policy -- --stack dev                                      # Turnkey's own stacks
pulumi preview --policy-pack path/to/turnkey/policy                # any program, also in other languages
pulumi up --policy-pack path/to/turnkey/policy --policy-pack-config policies.json
\`\`\`

The pack is TypeScript that Node runs as it is: Node 22.18 or newer has to be first on the path, and the
packages of Turnkey installed (\`npm install --no-save\`). It imports nothing of Turnkey's program.

A violation names the resource, what is wrong, the value seen, the mend, and public rules that say the same
(Checkov's CKV ids, Trivy's AVD ids, Control Tower's CT ids, names of AWS Config and AWSGuard rules):

\`\`\`
- [mandatory] [severity: high]  imds-v2  (aws:ec2/instance:Instance: node)
  Instances answer metadata requests only with a session token (IMDSv2).
  node: answers metadata requests without a session token: metadataOptions.httpTokens is "optional" - set metadataOptions.httpTokens to "required" (like CKV_AWS_79, AVD-AWS-0028, CT.EC2.PR.1)
\`\`\`

## Levels, settings and exceptions

The file behind \`--policy-pack-config\` has an entry for each rule that is to be different: its level alone,
or its level (\`enforcementLevel\`), settings and exceptions.

\`\`\`json
{
  "vpc-flow-logs": "disabled",
  "only-planned-public-ports": { "publicPorts": ["443/tcp", "3478/udp"] },
  "no-key-pair": {
    "enforcementLevel": "mandatory",
    "exceptions": [
      {
        "name": "old-bastion",
        "matches": { "type": "aws:ec2/instance:Instance", "name": "bastion-*" },
        "reason": "goes away with the old network in March"
      }
    ]
  }
}
\`\`\`

An exception holds where everything that it \`matches\` fits: \`type\` is the resource's type, \`under\` the type of
a component around it, \`name\` its name and \`part\` a part of it, such as a service of a node document; in the
last two \`*\` stands for any text. Each exception that is used is printed once in a run, with its reason. A
setting that a rule does not have stops the run; where a whole rule is misspelt, the CLI says
\`invalid enforcement level ""\`.

## What is known when

- Rules about one resource are judged before it is made, at preview and again while deploying. A value that is
  not known at preview (an address, a key's ARN) counts as given where that is all a rule asks. Where a rule has
  to read it, the preview says in an advisory that the rule could not run, and the deployment stops there if the
  value breaks it.
- Rules about the whole stack (marked with *stack* below) are judged at the end of the preview, and once more
  after the deployment: \`--skip-preview\` leaves only the second, which is too late to stop anything.
- Security groups are judged by all their rules together: \`0.0.0.0/1\` and \`128.0.0.0/1\` are the public, and so
  is everything wider than an IPv4 /8 or an IPv6 /16. Prefix lists of the stack count
  by what is in them; those it does not make, and other groups as sources, are not looked into.
- The pack sees secrets in the clear, as every policy pack does. No message shows a value that a rule takes for a
  secret.

`;

/** The part of JSON Schema that our settings come to. */
const Setting = z.object({ description: z.string().optional(), default: z.unknown() });

/** The whole document; \`npm run docs\` writes it. */
export function policyReference(): string {
  const groups = Object.entries(ruleGroups).map(
    ([title, rules]) => `## ${title}\n\n${rules.map(section).join("\n")}`,
  );
  return `${HEAD}${groups.join("\n")}\n${exceptionTable()}`;
}

function section(rule: AnyRule): string {
  const { name, description, level, severity, mirrors } = rule;
  const facts = [
    level,
    `severity ${severity}`,
    ...("checkStack" in rule ? ["*stack*"] : []),
    ...(mirrors.length > 0 ? [`like ${mirrors.join(", ")}`] : []),
  ];
  const settings = Object.entries(settingSchemas(rule))
    .filter(([key]) => key !== "exceptions")
    .map(([key, schema]) => line(key, Setting.parse(schema)));
  const list = settings.length > 0 ? `\n${settings.join("\n")}\n` : "";
  return `### ${name}\n\n${description} (${facts.join("; ")})\n${list}`;
}

const line = (key: string, { description, default: fallback }: z.infer<typeof Setting>) =>
  [
    `- \`${key}\``,
    ...(description ? [description] : []),
    `default \`${JSON.stringify(fallback)}\``,
  ].join("; ");

function exceptionTable(): string {
  // Two of one name say the same of two resources.
  const rows = new Set(
    ourExceptions.map(
      ({ name, rule, matches, reason }) =>
        `| ${name} | [${rule}](#${rule}) | \`${matches.under ?? ""}\` | ${reason} |`,
    ),
  );
  return `## Turnkey's own exceptions

| exception | rule | in component | reason |
| --- | --- | --- | --- |
${[...rows].join("\n")}
`;
}
