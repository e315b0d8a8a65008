import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { secretsIn } from "../../policy/secretText.ts";

describe("what shows by its form that it is a secret", () => {
  test.each([
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----"],
    ["a private key", "-----BEGIN PRIVATE KEY-----"],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----"],
    ["an AWS access key id", "aws configure set id AKIAIOSFODNN7EXAMPLE"],
    ["a JSON web token", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${"a1B2".repeat(10)}`],
    ["a GitHub token", `ghp_${"a".repeat(36)}`],
    ["a Slack token", "xoxb-123456789012-abcdef"],
    ["a Google API key", `AIza${"b".repeat(35)}`],
    ["a password in a URL", "postgres://app:hunter22@db.internal/app"],
    ["a value that is called a secret", "password=hunter22"],
    ["a value that is called a secret", "  api_secret: 'correct horse'"],
    ["a value that is called a secret", '{"clientSecret": "correct-horse"}'],
    ["a value that is called a secret", "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI"],
    ["a value that is called a secret", JSON.stringify({ text: '{"apiKey":"correct-horse"}' })],
    ["a value that is called a secret", "run --auth-token=correct-horse"],
  ])("%s: %s", (kind, text) => {
    expect(secretsIn(text)).toContain(kind);
  });
});

test.each([
  "-----BEGIN CERTIFICATE-----",
  "-----BEGIN PUBLIC KEY-----",
  "https://example.org:8443/path",
  "postgres://app:$PASSWORD@db.internal/app",
  "password=$DB_PASSWORD",
  "password=${DB_PASSWORD}",
  "token=$(cat /run/token)",
  "password_file=/run/secrets/db",
  'token = http("PUT", self.base)',
  '"secret": told["SecretAccessKey"],',
  "PASSWORD=/run/secrets/db",
  "secret: arn:aws:secretsmanager:r:1:secret:db",
  "HttpTokens: required",
  "token-ttl-seconds: 21600",
  "secret_rotation: 30d",
  "image: livekit/livekit-server@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
  "id 550e8400-e29b-41d4-a716-446655440000",
  "arn:aws:iam::111122223333:role/turnkey-prod-node/InstanceRole2For3Nodes4AndMore",
  "/usr/lib/python3.11/site-packages/Some2Module3With4Digits/file.py",
  "AmazonEC2ContainerRegistryReadOnlyAccessForInstances",
])("%s is no secret", (text) => {
  expect(secretsIn(text)).toEqual([]);
});

test("random bytes in base64 are found in nearly every case, whatever they are called", () => {
  const samples = Array.from({ length: 500 }, (_, seed) =>
    createHash("sha256").update(`${seed}`).digest(),
  );
  for (const encoding of ["base64", "base64url"] as const) {
    const found = samples.filter((it) => secretsIn(`value: ${it.toString(encoding)}`).length > 0);
    expect(found.length).toBeGreaterThan(450);
  }
});

test("what begins with a slash, as one in 64 does, is found as well and taken for no path", () => {
  const samples = Array.from({ length: 500 }, (_, seed) =>
    Buffer.concat([Buffer.from([0xff]), createHash("sha256").update(`${seed}`).digest()]),
  ).map((it) => it.toString("base64"));
  expect(samples.every((it) => it.startsWith("/"))).toBe(true);
  for (const name of ["value", "password"])
    expect(samples.filter((it) => secretsIn(`${name}: ${it}`).length > 0).length).toBeGreaterThan(
      400,
    );
});

const packings: Readonly<Record<string, (text: string) => string>> = {
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64 in lines": (text) =>
    `|\n${(
      Buffer.from(text)
        .toString("base64")
        .match(/.{1,76}/g) ?? []
    ).join("\n")}\nowner: root\n`,
  "gzip in base64": (text) => gzipSync(text).toString("base64"),
};

test("a secret is found through any three packings", () => {
  const packing = fc.constantFrom(...Object.values(packings));
  fc.assert(
    fc.property(
      fc.array(packing, { maxLength: 3 }),
      fc.string({ maxLength: 80 }),
      (steps, around) => {
        const plain = `${around.replaceAll(/\P{ASCII}|\p{Cc}/gu, "")}\npassword=correct-horse-battery\n`;
        const text = steps.reduce((it, pack) => pack(it), plain);
        expect(secretsIn(`content: ${text}`)).toContain("a value that is called a secret");
      },
    ),
    { numRuns: 300 },
  );
});

test("a packing that unfolds without end is left alone", () => {
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, "a")).toString("base64");
  expect(secretsIn(bomb)).not.toContain("a value that is called a secret");
});
