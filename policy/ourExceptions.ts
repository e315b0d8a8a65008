import type { Exception } from "./exceptions.ts";

/** What Turnkey's own components do against a rule, and why. Each fits nothing but the component it names. */
export const ourExceptions: readonly Exception[] = [
  {
    name: "boot-address",
    rule: "public-address-by-elastic-ip",
    matches: { under: "turnkey:aws:Node", type: "aws:ec2/instance:Instance" },
    reason:
      "a new node boots beside the old one, and is tried there before the Elastic IP moves to it",
  },
  {
    name: "flow-logs-by-setting",
    rule: "vpc-flow-logs",
    matches: { under: "turnkey:aws:Network", type: "aws:ec2/vpc:Vpc" },
    reason:
      "a relay has many short flows, each of them charged: the setting aws.vpc.flowLogs keeps them",
  },
  {
    name: "media-on-host-network",
    rule: "container-host-network",
    matches: { under: "turnkey:index:DockerHost", type: "docker:index/container:Container" },
    reason:
      "publishing a range of ports costs two proxy processes a port, and hides clients' addresses",
  },
  {
    name: "node-is-the-network",
    rule: "container-host-network",
    matches: { under: "turnkey:aws:Documents", type: "aws:s3/bucketObjectv2:BucketObjectv2" },
    reason: "the node runs nothing else, and its firewall closes what is not public",
  },
  // Of the containers that open such a port; no other may be root.
  ...["*-livekit", "*-edge"].map((name) => ({
    name: "root-for-low-ports",
    rule: "container-user",
    matches: { under: "turnkey:index:DockerHost", type: "docker:index/container:Container", name },
    reason:
      "Docker gives the capability to open port 443 on the host network to uid 0 only; all others are dropped",
  })),
  {
    name: "pushed-by-content",
    rule: "container-image-pinned",
    matches: { under: "turnkey:aws:ApiImage", type: "docker:index/image:Image" },
    reason:
      "the tag is the content's digest with a part drawn for each build, and the node is told the image's digest",
  },
];
