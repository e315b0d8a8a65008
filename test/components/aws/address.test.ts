import { expect, test } from "@jest/globals";
import { Address } from "../../../components/aws/address.ts";
import { DnsRecords } from "../../../components/aws/dnsRecords.ts";
import { awsCloud } from "../../support/awsCloud.ts";
import { deploy, valueOf } from "../../support/engine.ts";

test("the address is an Elastic IP that no update gives back", async () => {
  const { ofType, result } = await deploy(
    () => new Address("address", { tags: { "turnkey:stack": "prod" } }),
    { cloud: awsCloud },
  );
  const [eip, ...others] = ofType("aws:ec2/eip:Eip");
  expect(others).toEqual([]);
  expect(eip?.inputs).toEqual({
    domain: "vpc",
    tags: { "turnkey:stack": "prod", Name: "address" },
  });
  expect(eip?.options).toMatchObject({ parent: "address", protect: true });
  expect(await valueOf(result.publicIp)).toBe("203.0.113.7");
  expect(await valueOf(result.allocationId)).toBe("address-eip-id");
});

test("every name gets one A record", async () => {
  const { ofType } = await deploy(
    () =>
      new DnsRecords("dns", {
        zoneId: "Z0123456789ABCDEFGHIJ",
        names: ["turn.example.com", "api.example.com", "turn.example.com"],
        address: "203.0.113.7",
      }),
  );
  const records = ofType("aws:route53/record:Record");
  expect(records.map(({ name, options }) => [name, options.parent])).toEqual([
    ["dns-turn.example.com", "dns"],
    ["dns-api.example.com", "dns"],
  ]);
  expect(records.map((it) => it.inputs)).toEqual(
    ["turn.example.com", "api.example.com"].map((name) => ({
      zoneId: "Z0123456789ABCDEFGHIJ",
      name,
      type: "A",
      ttl: 60,
      records: ["203.0.113.7"],
    })),
  );
});
