/** Each protection of our program, and the program without it. */
import { randomBytes } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Resource } from "../../policy/rule.ts";
import type { Props } from "../support/policy.ts";

export interface Mutation {
  readonly stack: "dev" | "prod";
  /** What is lost, in words. */
  readonly lost: string;
  /** The rule that is to miss it. */
  readonly rule: string;
  readonly type: string;
  readonly name?: string;
  /** The resource without the protection; nothing when it is gone itself. */
  readonly change: (it: Resource) => Resource[];
}

type Change = Mutation["change"];

const gone: Change = () => [];
const unprotected: Change = (it) => [{ ...it, protect: false }];

/** Inputs with some replaced; an undefined one is left out. */
const set =
  (values: Props): Change =>
  (it) => [
    {
      ...it,
      dependencies: Object.fromEntries(
        Object.entries(it.dependencies).filter(([key]) => !(key in values)),
      ),
      props: Object.fromEntries(
        Object.entries({ ...it.props, ...values }).filter(([, value]) => value !== undefined),
      ),
    },
  ];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** The same for what lies in an object of an input. */
const setIn =
  (input: string, values: Props): Change =>
  (it) =>
    set({ [input]: { ...(isObject(it.props[input]) ? it.props[input] : {}), ...values } })(it);

/** A text of an input, anywhere in it, replaced; the text must be there. */
const rewritten =
  (input: string, from: string | RegExp, to: string): Change =>
  (it) => {
    const before = JSON.stringify(it.props[input]);
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${it.name}.${input} holds no ${from}`);
    return set({ [input]: JSON.parse(after) })(it);
  };

/** User data with more text at its end. */
const repacked = ({ props }: Resource, more: string) => {
  const text = gunzipSync(Buffer.from(String(props["userDataBase64"]), "base64")).toString();
  return gzipSync(text + more).toString("base64");
};

const EC2 = "aws:ec2/instance:Instance";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const DOCUMENT = "aws:s3/bucketObjectv2:BucketObjectv2";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const PARAMETER = "aws:ssm/parameter:Parameter";
const CONTAINER = "docker:index/container:Container";

const prod = (
  rule: string,
  lost: string,
  type: string,
  change: Change,
  name?: string,
): Mutation => ({
  stack: "prod",
  rule,
  lost,
  type,
  change,
  ...(name === undefined ? {} : { name }),
});
const dev = (...args: Parameters<typeof prod>): Mutation => ({ ...prod(...args), stack: "dev" });

const onNode: readonly Mutation[] = [
  prod("imds-v2", "IMDSv2", EC2, setIn("metadataOptions", { httpTokens: "optional" })),
  prod(
    "imds-hop-limit",
    "the hop limit",
    EC2,
    setIn("metadataOptions", { httpPutResponseHopLimit: 2 }),
  ),
  prod(
    "volumes-encrypted",
    "the volume's encryption",
    EC2,
    setIn("rootBlockDevice", { encrypted: false }),
  ),
  prod("instance-role", "the role", EC2, set({ iamInstanceProfile: undefined })),
  prod("detailed-monitoring", "metrics by the minute", EC2, set({ monitoring: false })),
  prod("ebs-optimized", "the volume's own bandwidth", EC2, set({ ebsOptimized: false })),
  prod("no-key-pair", "that there is no key pair", EC2, set({ keyName: "laptop" })),
  prod("no-secrets-in-user-data", "user data without secrets", EC2, (it) =>
    set({ userDataBase64: repacked(it, "\npassword=hunter2-hunter2\n") })(it),
  ),
  prod("user-data-size", "the size of user data", EC2, (it) =>
    set({ userDataBase64: repacked(it, randomBytes(16_384).toString("hex")) })(it),
  ),
  prod("tagged", "the tag", EC2, set({ tags: {} })),
];

const onNetwork: readonly Mutation[] = [
  prod(
    "only-planned-public-ports",
    "a port that is not planned",
    INGRESS,
    set({ fromPort: 7880, toPort: 7880, ipProtocol: "tcp" }),
  ),
  prod(
    "no-public-management-ports",
    "a closed SSH",
    INGRESS,
    set({ fromPort: 22, toPort: 22, ipProtocol: "tcp" }),
  ),
  prod("no-public-management-ports", "a closed SSH, in halves of the internet", INGRESS, (it) =>
    ["0.0.0.0/1", "128.0.0.0/1"].flatMap((cidrIpv4, index) =>
      set({ fromPort: 22, toPort: 22, ipProtocol: "tcp", cidrIpv4 })({
        ...it,
        name: `${it.name}-${index}`,
      }),
    ),
  ),
  prod(
    "public-ports-bounded",
    "named ports",
    INGRESS,
    set({ ipProtocol: "-1", fromPort: undefined, toPort: undefined }),
  ),
  prod("firewall-descriptions", "a rule's description", INGRESS, set({ description: undefined })),
  prod(
    "egress-limited",
    "limited ways out",
    EGRESS,
    set({ ipProtocol: "-1", fromPort: undefined, toPort: undefined }),
  ),
  prod("security-group-attached", "the group on the node", EC2, set({ vpcSecurityGroupIds: [] })),
  prod("elastic-ip-attached", "the association", "aws:ec2/eipAssociation:EipAssociation", gone),
  prod(
    "default-security-group-closed",
    "the closed default group",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    gone,
  ),
  prod(
    "public-address-by-elastic-ip",
    "subnets that give no addresses",
    "aws:ec2/subnet:Subnet",
    set({ mapPublicIpOnLaunch: true }),
  ),
  prod("turn-ranges-open", "the open media range", INGRESS, gone, "host-firewall-in-media"),
  prod("firewall-descriptions", "the group's description", GROUP, set({ description: undefined })),
];

const onData: readonly Mutation[] = [
  prod(
    "bucket-encrypted",
    "the bucket's encryption",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    gone,
  ),
  prod(
    "bucket-owner-enforced",
    "the bucket's one owner",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    gone,
  ),
  prod(
    "bucket-public-access",
    "the closed bucket",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    set({ blockPublicPolicy: false }),
  ),
  prod("bucket-tls-only", "TLS to the bucket", "aws:s3/bucketPolicy:BucketPolicy", gone),
  prod("bucket-versioned", "versions", "aws:s3/bucketVersioning:BucketVersioning", gone),
  prod("customer-key", "the key of secrets", PARAMETER, set({ keyId: undefined })),
  prod("key-rotation", "the key's rotation", "aws:kms/key:Key", set({ enableKeyRotation: false })),
  prod(
    "log-retention",
    "an end to logs",
    "aws:cloudwatch/logGroup:LogGroup",
    set({ retentionInDays: undefined }),
  ),
  prod(
    "no-plain-secrets",
    "the encrypted parameter",
    PARAMETER,
    set({ type: "String" }),
    "host-secrets-roomKey",
  ),
  prod(
    "no-public-resource-policies",
    "the key's own policy",
    "aws:kms/key:Key",
    rewritten("policy", /"AWS\\?":\\?"[^"]*"/, String.raw`"AWS\":\"*\"`),
  ),
  prod(
    "ecr-immutable-tags",
    "immutable tags",
    "aws:ecr/repository:Repository",
    set({ imageTagMutability: "MUTABLE" }),
  ),
  prod(
    "ecr-scan-on-push",
    "the scan",
    "aws:ecr/repository:Repository",
    setIn("imageScanningConfiguration", { scanOnPush: false }),
  ),
  prod(
    "ecr-lifecycle",
    "the repository's lifecycle",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    gone,
  ),
  prod("identity-protected", "the address' protection", "aws:ec2/eip:Eip", unprotected),
  prod("identity-protected", "the key's protection", "aws:kms/key:Key", unprotected),
  prod(
    "identity-protected",
    "the repository's protection",
    "aws:ecr/repository:Repository",
    unprotected,
  ),
  prod("identity-protected", "the bucket's protection", "aws:s3/bucket:Bucket", unprotected),
];

const onIdentity: readonly Mutation[] = [
  prod(
    "iam-actions-named",
    "named actions",
    ROLE_POLICY,
    rewritten("policy", /s3:GetObject\\?"/, String.raw`s3:*\"`),
    "host-role-policy",
  ),
  prod(
    "iam-resources-named",
    "named resources",
    ROLE_POLICY,
    rewritten("policy", /arn:aws:s3:::[^"\\]*/, "*"),
    "host-role-policy",
  ),
  prod(
    "roles-trust-services",
    "the service that takes the role",
    "aws:iam/role:Role",
    rewritten("assumeRolePolicy", /\{\\?"Service\\?":\\?"[^}]*\}/, String.raw`{\"AWS\":\"*\"}`),
    "host-role-role",
  ),
];

/** livekit.yaml and haproxy.cfg as the node document and the dev stack's files have them. */
const onTurn: readonly Mutation[] = (
  [
    ["turn-special-ranges-denied", "a denied range", /- 169\.254\.0\.0\/16\\+n/, ""],
    [
      "turn-restricted-peers",
      "nothing allowed back",
      /allow_restricted_peer_cidrs: \[\]/,
      "allow_restricted_peer_cidrs: [10.0.0.0/8]",
    ],
    ["turn-peer-lists-well-formed", "a list without errors", "- 10.0.0.0/8", "- 10.0.0/8"],
    [
      "turn-credential-lifetime",
      "the life of credentials",
      /CREDENTIAL_TTL_SECONDS\\*":\\*"\d+/,
      String.raw`CREDENTIAL_TTL_SECONDS\":\"864000`,
    ],
    [
      "turn-allocation-quota",
      "the quota",
      /per_user_relay_allocation_limit: \d+/,
      "ttl_seconds: 300",
    ],
    [
      "turn-relay-range-bounded",
      "a bounded range",
      "relay_range_start: 50000",
      "relay_range_start: 1024",
    ],
    [
      "turn-relay-inside-media",
      "relays among the media ports",
      "port_range_start: 50000",
      "port_range_start: 54000",
    ],
    [
      "turn-minimum-versions",
      "a version without known holes",
      /livekit-server:v1\.13\.\d+/,
      "livekit-server:v1.13.9",
    ],
    [
      "turn-default-keys",
      "keys of one's own",
      "key_file: /etc/livekit/keys.yaml",
      String.raw`keys: {devkey: secret}`,
    ],
    [
      "turn-keys-in-files",
      "keys in a file",
      "key_file: /etc/livekit/keys.yaml",
      `keys: {APIabc: ${"k".repeat(40)}}`,
    ],
    [
      "turn-secret-length",
      "long keys",
      "key_file: /etc/livekit/keys.yaml",
      "keys: {APIabc: short}",
    ],
    ["turn-tls", "the end of TLS", "external_tls: true", "external_tls: false"],
    ["turn-edge-tls", "TLS 1.2", "ssl-min-ver TLSv1.2", "ssl-min-ver TLSv1.0"],
    [
      "turn-node-address",
      "the address that is told",
      "use_external_ip: false",
      "use_external_ip: true",
    ],
    [
      "turn-metrics-closed",
      "metrics on loopback",
      /bind_addresses:\\+n {2}- 127\.0\.0\.1/,
      "bind_addresses: [0.0.0.0]",
    ],
  ] as const
).map(([rule, lost, from, to]) => prod(rule, lost, DOCUMENT, rewritten("content", from, to)));

const onContainers: readonly Mutation[] = [
  dev(
    "container-image-pinned",
    "the image's id",
    CONTAINER,
    set({ image: "livekit/livekit-server:latest" }),
    "host-livekit",
  ),
  dev("container-user", "the API's user", CONTAINER, set({ user: undefined }), "host-api"),
  dev(
    "container-capabilities",
    "dropped capabilities",
    CONTAINER,
    set({ capabilities: { adds: ["CAP_NET_ADMIN"] } }),
    "host-api",
  ),
  dev(
    "container-read-only-root",
    "the read-only root",
    CONTAINER,
    set({ readOnly: false }),
    "host-api",
  ),
  dev(
    "container-no-new-privileges",
    "no new privileges",
    CONTAINER,
    set({ securityOpts: [] }),
    "host-api",
  ),
  dev("container-limits", "limits", CONTAINER, set({ memory: undefined }), "host-api"),
  dev(
    "container-health-check",
    "the health check",
    CONTAINER,
    set({ healthcheck: undefined }),
    "host-api",
  ),
  dev("container-restart", "the restart", CONTAINER, set({ restart: "no" }), "host-api"),
  dev(
    "container-no-docker-socket",
    "no socket",
    CONTAINER,
    set({ volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/var/run/docker.sock" }] }),
    "host-api",
  ),
  dev(
    "container-not-privileged",
    "no privileges",
    CONTAINER,
    set({ privileged: true }),
    "host-api",
  ),
  dev(
    "container-host-namespaces",
    "namespaces of its own",
    CONTAINER,
    set({ pidMode: "host" }),
    "host-api",
  ),
  dev(
    "container-host-network",
    "a network of its own",
    CONTAINER,
    (it) =>
      set({ networkMode: "host" })({
        ...it,
        urn: "urn:pulumi:dev::other::docker:index/container:Container::other",
      }),
    "host-api",
  ),
  dev(
    "container-ports-on-one-interface",
    "one address for ports",
    CONTAINER,
    set({ ports: [{ internal: 7890, external: 7890, ip: "0.0.0.0" }] }),
    "host-api",
  ),
  dev(
    "container-internal-ports",
    "metrics on loopback",
    CONTAINER,
    set({ ports: [{ internal: 7891, external: 7891, ip: "192.168.1.5" }] }),
    "host-api",
  ),
  dev(
    "container-published-port-count",
    "few ports",
    CONTAINER,
    set({
      ports: Array.from({ length: 101 }, (_, at) => ({
        internal: 50_100 + at,
        external: 50_100 + at,
        ip: "127.0.0.1",
        protocol: "udp",
      })),
    }),
    "host-api",
  ),
  dev(
    "container-secrets-not-in-environment",
    "no secret in the environment",
    CONTAINER,
    set({ envs: [`ROOM_SECRET=${"s".repeat(40)}`] }),
    "host-api",
  ),
  dev("container-log-rotation", "an end to logs", CONTAINER, set({ logOpts: {} }), "host-api"),
  dev(
    "certificate-renewal",
    "renewal in time",
    "tls:index/locallySignedCert:LocallySignedCert",
    set({ earlyRenewalHours: 0 }),
  ),
  dev(
    "generated-secret-length",
    "long secrets",
    "random:index/randomPassword:RandomPassword",
    set({ length: 16 }),
  ),
];

export const mutations: readonly Mutation[] = [
  ...onNode,
  ...onNetwork,
  ...onData,
  ...onIdentity,
  ...onTurn,
  ...onContainers,
];
