/** What an instance of EC2 can ask, on loopback: metadata, S3, SSM and ECR, with only what a test puts there. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { portOf } from "../../support/portOf.ts";

export const BUCKET = "turnkey-prod-documents";
const KEYS = {
  AccessKeyId: "AKIDEXAMPLE",
  SecretAccessKey: "a secret access key",
  Token: "a session's token",
  Expiration: "2999-01-01T00:00:00Z",
};

/** Of GetParameters, names with their versions. */
const Asked = z.object({ Names: z.array(z.string()) });

interface Stored {
  readonly version: string;
  readonly body: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface FakeAws {
  readonly url: string;
  /** By `name:version`, the name with its path. */
  readonly parameters: Map<string, string>;
  /** The address that the metadata service tells; undefined where the instance has none. */
  publicAddress: string | undefined;
  /** The certificate that is kept; undefined where none is. */
  certificate: string | undefined;
  /** How often one was put there. */
  certificatePuts: number;
  /** What CloudWatch was given, each call as its form. */
  readonly published: URLSearchParams[];
  /** What CloudWatch Logs was given, each call as its JSON. */
  readonly shipped: unknown[];
  /** Services that answer 503; `acme` is an authority's directory, below that path. */
  readonly away: Set<"s3" | "ssm" | "ecr" | "monitoring" | "logs" | "acme">;
  /** Stores a document, and returns its version. */
  store(document: unknown, metadata: Readonly<Record<string, string>>): string;
  stop(): Promise<void>;
}

export async function fakeAws(): Promise<FakeAws> {
  const parameters = new Map<string, string>();
  const away: FakeAws["away"] = new Set();
  let newest: Stored | undefined;
  let versions = 0;

  const metadata = (request: IncomingMessage, answer: ServerResponse) => {
    if (request.method === "PUT") return answer.end("a token");
    if (request.headers["x-aws-ec2-metadata-token"] !== "a token")
      return answer.writeHead(401).end();
    const role = "/latest/meta-data/iam/security-credentials/";
    if (request.url === role) return answer.end("the-role");
    if (request.url === "/latest/meta-data/public-ipv4" && aws.publicAddress)
      return answer.end(aws.publicAddress);
    if (request.url === `${role}the-role`) return answer.end(JSON.stringify(KEYS));
    return answer.writeHead(404).end();
  };

  const s3 = (request: IncomingMessage, question: string, answer: ServerResponse) => {
    if (request.url === `/s3/${BUCKET}/node/certificate.json`) {
      if (request.method === "PUT") {
        aws.certificate = question;
        aws.certificatePuts += 1;
      }
      return aws.certificate === undefined
        ? answer.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>")
        : answer.end(aws.certificate);
    }
    if (request.url !== `/s3/${BUCKET}/node/document.json` || !newest)
      return answer.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
    for (const [name, value] of Object.entries(newest.metadata))
      answer.setHeader(`x-amz-meta-${name}`, value);
    answer.setHeader("x-amz-version-id", newest.version);
    return answer.end(newest.body);
  };

  const json = (request: IncomingMessage, question: string, answer: ServerResponse) => {
    if (request.headers["x-amz-target"]?.toString().endsWith("GetAuthorizationToken"))
      return answer.end(
        JSON.stringify({
          authorizationData: [
            { authorizationToken: Buffer.from("AWS:a registry's password").toString("base64") },
          ],
        }),
      );
    const names = Asked.parse(JSON.parse(question)).Names;
    const found = names.filter((it) => parameters.has(it));
    return answer.end(
      JSON.stringify({
        Parameters: found.map((it) => ({ Name: it.split(":")[0], Value: parameters.get(it) })),
        InvalidParameters: names.filter((it) => !parameters.has(it)),
      }),
    );
  };

  const server = createServer((request, answer) => {
    void (async () => {
      const service = request.url?.split("/")[1];
      if (service === "latest") return metadata(request, answer);
      if (service === "acme") return answer.writeHead(away.has("acme") ? 503 : 200).end("{}");
      const question = await text(request);
      const signed = `/eu-central-1/${service}/aws4_request`;
      if (!request.headers.authorization?.includes(signed)) return answer.writeHead(403).end();
      if ([...away].some((it) => it === service)) return answer.writeHead(503).end();
      if (service === "logs") {
        if (request.headers["x-amz-target"] === "Logs_20140328.PutLogEvents")
          aws.shipped.push(JSON.parse(question));
        return answer.end();
      }
      if (service === "monitoring") {
        aws.published.push(new URLSearchParams(question));
        return answer.end();
      }
      return service === "s3" ? s3(request, question, answer) : json(request, question, answer);
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const aws: FakeAws = {
    url: `http://127.0.0.1:${portOf(server)}`,
    publicAddress: undefined,
    certificate: undefined,
    certificatePuts: 0,
    published: [],
    shipped: [],
    parameters,
    away,
    store(document, beside) {
      versions += 1;
      newest = { version: `v${versions}`, body: JSON.stringify(document), metadata: beside };
      return newest.version;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return aws;
}
