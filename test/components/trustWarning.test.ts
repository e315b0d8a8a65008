/** That a certificate which nobody trusts is told of loudly, before anything is deployed. */
import { rootCertificates } from "node:tls";
import { expect, jest, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { trustWarning } from "../../components/trustWarning.ts";
import { issue } from "../support/pki.ts";
import { deployProd } from "../support/programs.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const [wellKnown = ""] = rootCertificates;
const ordered = { acme: { staging: false } };

test("one from a CA that clients know is not warned of, and neither is one that is ordered", () => {
  expect(trustWarning(ordered, { caCertificatePem: wellKnown })).toBeUndefined();
  expect(trustWarning(ordered, undefined)).toBeUndefined();
});

test("one that signs itself, or is from a private CA, is", async () => {
  const life = { notBefore: new Date(), notAfter: new Date(Date.now() + DAY_MS) };
  const { pem } = await issue({ subject: "private", ...life });
  expect(trustWarning(ordered, { caCertificatePem: pem })).toMatch(
    /^NO CLIENT TRUSTS the certificate in certificate.chainFile.*the node orders one/,
  );
});

test("one for trials is", () => {
  expect(trustWarning({ acme: { staging: true } }, undefined)).toMatch(
    /^NO CLIENT TRUSTS .* certificate.acme.staging .* set it to false/,
  );
});

test("a stack on AWS is told of it as it is previewed, and one that clients trust is not", async () => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  try {
    await deployProd();
    expect(warn).not.toHaveBeenCalled();
    await deployProd({ certificate: { acme: { staging: true } } });
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(/^NO CLIENT TRUSTS/),
    ]);
  } finally {
    warn.mockRestore();
  }
}, 120_000);
