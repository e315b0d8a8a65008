import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { RECORD_TTL_SECONDS, recordNames } from "../../plan/dnsRecords.ts";

export interface DnsRecordsArgs {
  /** Route 53's id of the hosted zone that every name belongs to. */
  readonly zoneId: string;
  /** Names of signalling, TURN and API; one that comes twice is one record. */
  readonly names: readonly string[];
  readonly address: pulumi.Input<string>;
}

/** A records for a deployment's names. A name that has one already is an error: it may be somebody else's. */
export class DnsRecords extends pulumi.ComponentResource {
  constructor(name: string, args: DnsRecordsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:DnsRecords", name, {}, opts);
    const { zoneId, names, address } = args;
    for (const it of recordNames(names))
      new aws.route53.Record(
        `${name}-${it}`,
        { zoneId, name: it, type: "A", ttl: RECORD_TTL_SECONDS, records: [address] },
        { parent: this },
      );
    this.registerOutputs({});
  }
}
