import { expect, test } from "@jest/globals";
import { Firewall } from "../../../components/aws/firewall.ts";
import { deploy, valueOf } from "../../support/engine.ts";
import { prodPlan } from "../../support/plans.ts";

const tags = { "turnkey:stack": "prod" };
const { ports } = prodPlan();

const deployFirewall = () =>
  deploy(() => new Firewall("firewall", { vpcId: "vpc-1", ports, tags }));

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

const rule = (role: string, name: string, label: string, description: string) => {
  const [range = "", ipProtocol = ""] = label.split("/");
  const [from = "", to = from] = range.split("-");
  return {
    securityGroupId: "firewall-group-id",
    ipProtocol,
    fromPort: Number(from),
    toPort: Number(to),
    cidrIpv4: "0.0.0.0/0",
    description,
    tags: { ...tags, Name: `firewall-${role}-${name}` },
  };
};

test("the firewall is one group without rules of its own", async () => {
  const { ofType, resources, result } = await deployFirewall();
  expect(ofType("aws:ec2/securityGroup:SecurityGroup").map((it) => it.inputs)).toEqual([
    {
      vpcId: "vpc-1",
      description: "Turnkey node: the port table",
      tags: { ...tags, Name: "firewall" },
    },
  ]);
  expect(await valueOf(result.securityGroupId)).toBe("firewall-group-id");
  const children = resources.filter((it) => it.name !== "firewall");
  expect(children.map((it) => it.options.parent)).toEqual(children.map(() => "firewall"));
});

test("it lets in each public row of the port table, under the row's name", async () => {
  const { ofType } = await deployFirewall();
  expect(Object.fromEntries(ofType(INGRESS).map((it) => [it.name, it.inputs]))).toEqual({
    "firewall-in-http": rule("in", "http", "80/tcp", "ACME challenges, and a redirect to HTTPS"),
    "firewall-in-https": rule("in", "https", "443/tcp", "HTTPS, wss and TURN/TLS"),
    "firewall-in-ice-tcp": rule("in", "ice-tcp", "7881/tcp", "media over ICE/TCP"),
    "firewall-in-media": rule("in", "media", "50000-60000/udp", "media over ICE/UDP"),
    "firewall-in-turn-udp": rule("in", "turn-udp", "443/udp", "TURN/UDP and STUN"),
    "firewall-in-turn-tls": rule("in", "turn-tls", "5349/tcp", "TURN/TLS"),
  });
});

test("it lets out all UDP, so that media flows stay untracked, and little TCP", async () => {
  const { ofType } = await deployFirewall();
  expect(Object.fromEntries(ofType(EGRESS).map((it) => [it.name, it.inputs]))).toEqual({
    "firewall-out-udp": rule("out", "udp", "0-65535/udp", "media and relayed packets; DNS and NTP"),
    "firewall-out-https": rule(
      "out",
      "https",
      "443/tcp",
      "AWS, image registries and the certificate authority",
    ),
    "firewall-out-http": rule(
      "out",
      "http",
      "80/tcp",
      "package repositories and certificate chains",
    ),
    "firewall-out-dns": rule("out", "dns", "53/tcp", "DNS answers too long for UDP"),
  });
});

test("it is ready once every rule is there", async () => {
  const { ofType, result } = await deployFirewall();
  const rules = [...ofType(INGRESS), ...ofType(EGRESS)];
  expect(await valueOf(result.ready)).toEqual(rules.map((it) => `${it.name}-id`));
});
