/** Who has which address in the rig: an internet of few hosts, and a node behind a one-to-one NAT as EC2 has it. */
import type { AwsPlace } from "../../../plan/awsPlace.ts";

export const PLACE: AwsPlace = {
  partition: "aws",
  accountId: "123456789012",
  region: "eu-central-1",
};

/** A machine's address in its network, and the one that clients on the internet reach it by. */
export interface Place {
  readonly public: string;
  readonly private: string;
}

/** The node's: the relay refuses addresses for special purposes, so these look like any others. */
export const NODE = { public: "18.184.1.2", private: "10.77.0.10" } as const;

/** Those of a second node, which boots beside it at an address that AWS gives it. */
export const SECOND = { public: "18.184.1.3", private: "10.77.0.11" } as const;

/** The address that AWS gives a node whose own went to another one. */
export const LEFT_WITH = "18.184.1.4";

/** The node's network, with what EC2 has in each: a gateway, a resolver, the metadata service. */
export const NETWORK = {
  gateway: "10.77.0.1",
  resolver: "10.77.0.2",
  metadata: "169.254.169.254",
} as const;

export const CLIENT = { address: "18.184.2.10", gateway: "18.184.2.1" } as const;

/** Services on the internet: AWS, a certificate authority, and everybody's DNS. */
export const WORLD = {
  aws: "18.184.3.10",
  acme: "18.184.3.20",
  dns: "18.184.3.53",
  gateway: "18.184.3.1",
} as const;

/** The name that clients know the node by. */
export const NODE_NAME = "calls.example.net";

/** The certificate authority's name. */
export const ACME_NAME = "acme.example.net";

/** Where the directory of the certificate authority is. */
export const ACME_DIRECTORY = `https://${ACME_NAME}/dir`;
