import { afterAll, describe, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploymentOf, type DeploymentOptions } from "../../../scripts/commands/deploymentOf.ts";
import { leafCertificate } from "../../verify/leafCertificate.ts";

const folder = mkdtempSync(join(tmpdir(), "turnkey-ca-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sources = {
  env: { TURNKEY_TOKEN: "from the environment" },
  readStdin: async () => "from stdin\n",
};
const url = "https://api.example";

describe("the token", () => {
  test.each([
    { token: "given", is: "given" },
    { token: "-", is: "from stdin" },
    { token: undefined, is: "from the environment" },
  ])("of --token $token is $is", async ({ token, is }) => {
    const options = { url, ...(token !== undefined && { token }) };
    expect(await deploymentOf(options, sources)).toMatchObject({ url, token: is });
  });

  test("is missing where nobody gives one", async () => {
    const nowhere = { env: {}, readStdin: async () => "" };
    await expect(deploymentOf({ url }, nowhere)).rejects.toThrow("there is no token");
    await expect(deploymentOf({ url, token: "-" }, nowhere)).rejects.toThrow("there is no token");
  });
});

test("without --url it is a stack that is proven", async () => {
  expect(await deploymentOf({ livekitVersion: "1.13.6" }, sources)).toBeUndefined();
});

test("--ca is read, and is PEM of a certificate", async () => {
  const file = join(folder, "ca.pem");
  const { ca } = await leafCertificate();
  writeFileSync(file, ca);
  expect(await deploymentOf({ url, ca: file }, sources)).toMatchObject({ caCertificate: ca });
  writeFileSync(file, "nonsense");
  await expect(deploymentOf({ url, ca: file }, sources)).rejects.toThrow("holds no certificate");
});

test.each<{ options: DeploymentOptions; problem: string }>([
  { options: { token: "x" }, problem: "--token is for a deployment, but --url is missing" },
  { options: { ca: "x.pem" }, problem: "--ca is for a deployment, but --url is missing" },
  { options: { url: "api.example" }, problem: "--url is api.example; wanted is" },
  { options: { url: "ftp://api.example" }, problem: "--url is ftp://api.example; wanted is" },
  { options: { url, ca: "/nowhere.pem" }, problem: "--ca /nowhere.pem holds no certificate" },
  { options: { livekitVersion: "v1" }, problem: "--livekit-version is v1; wanted is" },
])("$problem", async ({ options, problem }) => {
  await expect(deploymentOf(options, sources)).rejects.toThrow(problem);
});
