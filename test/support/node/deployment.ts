/** What a stack in AWS comes to where there is no AWS: the program's own resources, put where the node looks for them. */
import * as z from "zod";
import { readLocalImages } from "../../../machine/localImages.ts";
import { parameterPath } from "../../../plan/awsPlace.ts";
import { bucketName, DOCUMENT_KEY } from "../../../plan/documentBucket.ts";
import type { NodeDocument } from "../../../plan/nodeDocument.ts";
import { plain, valueOf } from "../engine.ts";
import { awsValues } from "../plans.ts";
import { deployProd } from "../programs.ts";
import { StackOutputs } from "../../../turn/outputs.ts";
import { legoImage } from "../../../scripts/setup/lego.ts";
import { ask, type Question } from "./ask.ts";
import { ACME_DIRECTORY, NODE, NODE_NAME, PLACE } from "./places.ts";

export interface Deployment {
  /** As the instance gets them: packed, which cloud-init notices. */
  readonly userData: Buffer;
  readonly document: NodeDocument;
  /** Contents of Parameter Store, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: StackOutputs;
}

const STACK = "prod";
const BUCKET = bucketName(STACK, PLACE);

/** The names of AWS's services that a node speaks with. */
export const AWS_NAMES: readonly string[] = ["ssm", "s3", `${BUCKET}.s3`, "logs", "monitoring"].map(
  (it) => `${it}.${PLACE.region}.amazonaws.com`,
);

/** Images that were made on this machine, as settings name them. */
function localImages(): Record<string, object> {
  const { livekit, haproxy } = readLocalImages();
  return {
    ...(livekit && { livekit: { image: livekit.reference, version: livekit.version } }),
    ...(haproxy && { edge: { image: haproxy.reference } }),
  };
}

/** How clients come to the node: by its name, or by its bare address. */
export type Known = "name" | "address";

const rigValues = (known: Known): Record<string, object> =>
  known === "name"
    ? { turn: { domain: NODE_NAME }, certificate: { acme: { directory: ACME_DIRECTORY } } }
    : {};

/** The settings of both, key by key of each group. */
const both = (
  one: Readonly<Record<string, object>>,
  other: Readonly<Record<string, object>>,
): Record<string, object> => ({
  ...one,
  ...Object.fromEntries(
    Object.entries(other).map(([group, keys]) => [group, { ...one[group], ...keys }]),
  ),
});

/**
 * What the program declares for these settings, group by group, beside the images of this machine, the rig's
 * certificate authority, and the name.
 */
export async function deployment(
  values: Readonly<Record<string, object>> = {},
  known: Known = "name",
): Promise<Deployment> {
  const { target, ...groups } = awsValues;
  const mine = [localImages(), rigValues(known), values].reduce(both, groups);
  const deployed = await deployProd({ target, ...mine });
  const the = (type: string, input: string): unknown =>
    plain(deployed.ofType(type)[0]?.inputs[input]);
  const parameters = deployed
    .ofType("aws:ssm/parameter:Parameter")
    .map(({ inputs }) => [String(plain(inputs["name"])), String(plain(inputs["value"]))]);
  const outputs: unknown = await valueOf(deployed.result);
  const { acme, ...rest }: NodeDocument = JSON.parse(
    String(the("aws:s3/bucketObjectv2:BucketObjectv2", "content")),
  );
  // The rig's authority has Let's Encrypt's profiles: a bare address asks it for what it would ask that for.
  const order = acme && { ...acme, image: legoImage, directory: ACME_DIRECTORY };
  const document: NodeDocument = order === undefined ? rest : { ...rest, acme: order };
  return {
    userData: Buffer.from(String(the("aws:ec2/instance:Instance", "userDataBase64")), "base64"),
    document,
    parameters: Object.fromEntries(parameters),
    // The fake engine's address is one for documentation, which nobody has.
    outputs: { ...StackOutputs.parse(outputs), nodeAddress: NODE.public },
  };
}

/** A question to a service of AWS, signed for a fake one. */
export const emulated = (service: string, questions: Omit<Question, "headers"> & Question) => {
  // Moto checks no signature; it only reads there which service is meant.
  const scope = `20300101/${PLACE.region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=RIG/${scope}, SignedHeaders=host, Signature=0`;
  return { ...questions, headers: { authorization, ...questions.headers } };
};
const s3 = (path: string, asked: Partial<Question> = {}) =>
  emulated("s3", {
    method: "PUT",
    url: `https://s3.${PLACE.region}.amazonaws.com/${BUCKET}${path}`,
    ...asked,
  });
/** A call of the services that take and give JSON. */
export const awsJson = (service: string, target: string, question: object) =>
  emulated(service, {
    method: "POST",
    url: `https://${service}.${PLACE.region}.amazonaws.com/`,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
    body: JSON.stringify(question),
  });

/** Where AWS is spoken with. */
export interface CloudAccess {
  readonly namespace: string;
  readonly ca: string;
}

/** Asks one after the other. Throws what is refused. */
export async function askAws({ namespace, ca }: CloudAccess, questions: Question[]) {
  const answers = await ask(namespace, { ca, questions });
  for (const [index, { status, body }] of answers.entries())
    if (status >= 300) throw new Error(`${questions[index]?.url} answers ${status}: ${body}`);
  return answers;
}

/** Makes what the deployment says before there is a document. */
export async function makeCloud(
  access: CloudAccess,
  { outputs }: Pick<Deployment, "outputs">,
): Promise<void> {
  const constraint = `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>${PLACE.region}</LocationConstraint></CreateBucketConfiguration>`;
  const versioned = `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>`;
  await askAws(access, [
    s3("", { body: constraint }),
    s3("?versioning", { body: versioned }),
    awsJson("logs", "Logs_20140328.CreateLogGroup", { logGroupName: outputs.cloud?.logGroup }),
  ]);
}

const Stored = z.object({ Version: z.int() });

/** Stores the secrets, and then the document with their versions, as `pulumi up` does; gives the document's version. */
export async function publish(
  access: CloudAccess,
  {
    parameters,
    document,
  }: Pick<Deployment, "parameters"> & { readonly document: Readonly<object> },
  apiImage: string,
): Promise<string> {
  const entries = Object.entries(parameters);
  const answers = await askAws(
    access,
    entries.map(([Name, Value]) =>
      awsJson("ssm", "AmazonSSM.PutParameter", {
        Name,
        Value,
        Type: "SecureString",
        Overwrite: true,
      }),
    ),
  );
  const path = `${parameterPath(STACK)}/`;
  const versions = answers.map(({ body }, index) => {
    const name = entries[index]?.[0].slice(path.length);
    return `${name}=${Stored.parse(JSON.parse(body)).Version}`;
  });
  return storeDocument(access, JSON.stringify(document), {
    "x-amz-meta-node-address": NODE.public,
    "x-amz-meta-api-image": apiImage,
    "x-amz-meta-secrets": versions.join(","),
  });
}

/** Stores a text as the document, with metadata beside it; gives its version. */
export async function storeDocument(
  access: CloudAccess,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [put] = await askAws(access, [s3(`/${DOCUMENT_KEY}`, { headers, body })]);
  return put?.headers["x-amz-version-id"] ?? "";
}

/** Takes the document away: there is none, as before the first deployment. */
export const removeDocument = async (access: CloudAccess): Promise<void> =>
  void (await askAws(access, [s3(`/${DOCUMENT_KEY}`, { method: "DELETE" })]));
