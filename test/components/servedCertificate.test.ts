import { describe, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { endWarning, servedCertificate } from "../../components/servedCertificate.ts";
import { deploy, valueOf } from "../support/engine.ts";

const now = new Date("2026-11-22T00:00:00Z");
const given = {
  chainPem: "CHAIN\n",
  privateKeyPem: "KEY\n",
  caCertificatePem: "CA\n",
  validUntil: new Date("2027-11-22T00:00:00Z"),
};

test("a given pair is served as it is, its key as a secret, and makes no resource", async () => {
  const names = { dns: ["turn.example.org"], ip: [] };
  const { result, resources } = await deploy(() =>
    servedCertificate("turn", { names, given, now }),
  );
  expect(resources).toEqual([]);
  expect(result.caCertificate).toBe("CA\n");
  const { certificate, certificateKey, certificateAndKey } = result.files;
  expect(await valueOf(certificate)).toBe("CHAIN\n");
  expect(await valueOf(certificateKey)).toBe("KEY\n");
  expect(await valueOf(certificateAndKey)).toBe("CHAIN\nKEY\n");
  const secrets = [certificate, certificateKey, certificateAndKey].map((it) => pulumi.isSecret(it));
  expect(await Promise.all(secrets)).toEqual([false, true, true]);
});

describe("a given certificate is warned of in its last 30 days", () => {
  test.each([
    ["2027-10-22T23:59:59Z", undefined],
    [
      "2027-10-23T00:00:00Z",
      "the certificate in certificate.chainFile ends on 2027-11-22T00:00:00.000Z - put a new one in its place and update",
    ],
  ])("at %s", (at, warning) => expect(endWarning(given, new Date(at))).toBe(warning));
});
