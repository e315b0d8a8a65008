import { expect, test } from "@jest/globals";
import { testApi } from "../support/api.ts";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

test("the local CA's certificate is open to everyone, as what phones offer to install", async () => {
  const { app } = testApi({ caCertificate: PEM });
  const answer = await app.inject({ url: "/ca.crt" });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["content-type"]).toBe("application/x-x509-ca-cert");
  expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  expect(answer.body).toBe(PEM);
});

test("where there is no local CA there is none to hand out", async () => {
  const { app } = testApi();
  expect((await app.inject({ url: "/ca.crt" })).statusCode).toBe(404);
});
