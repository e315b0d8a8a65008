/** Turnkey's policy pack on a program that is not Turnkey's, with the real CLI; nothing but texts is made. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { registryOnlyProgram } from "../support/registryOnlyProgram.ts";
import type { RegistryOnlyProgram } from "../support/registryOnlyProgram.ts";

const PACK = join(process.cwd(), "policy");

const program = {
  "Pulumi.yaml": "name: foreign\nruntime: { name: nodejs, options: { typescript: false } }\n",
  "package.json": '{ "name": "foreign", "type": "module", "main": "index.ts" }',
  "index.ts": `
    import * as random from "@pulumi/random";
    import * as tls from "@pulumi/tls";
    const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
    new tls.CertRequest("request", { privateKeyPem: key.privateKeyPem, subject: { commonName: "a" } });
    for (const name of ["short-one", "short-two"]) new random.RandomPassword(name, { length: 12 });
  `,
};

let foreign: RegistryOnlyProgram;

const judged = async (name: string, config: object) => {
  const file = join(foreign.folder, `${name}.json`);
  await writeFile(file, JSON.stringify(config));
  return foreign.attempt("preview", "--policy-pack", PACK, "--policy-pack-config", file);
};
const exception = (name: string) => ({
  name: "old-server",
  matches: { name },
  reason: "the server takes twelve characters and no more",
});

beforeAll(async () => {
  foreign = await registryOnlyProgram(program);
}, 120_000);

afterAll(() => foreign.remove());

test("stops a preview that finds something, and names the resource, the value and the mend", async () => {
  const { code, output } = await foreign.attempt("preview", "--policy-pack", PACK);
  expect(code).not.toBe(0);
  expect(output).toContain("[mandatory]");
  for (const name of ["short-one", "short-two"])
    expect(output).toContain(
      `${name}: is a secret that is too short: length is 12 - set length to 32 or more`,
    );
  expect(output).not.toContain("can't run policy");
}, 120_000);

test("takes levels, settings and exceptions from the configuration, and tells each exception", async () => {
  const excepted = await judged("excepted", {
    "generated-secret-length": { exceptions: [exception("short-*")] },
  });
  // Where nobody watches, the CLI shows a message as it comes and once more at the end.
  const [, diagnostics = ""] = excepted.output.split("Diagnostics:");
  expect(diagnostics.match(/exception .*/g)).toEqual([
    "exception old-server to generated-secret-length: the server takes twelve characters and no more",
  ]);
  expect(excepted).toEqual(expect.objectContaining({ code: 0 }));

  const advised = await judged("advised", { "generated-secret-length": "advisory" });
  expect(advised.output).toContain("[advisory]");
  expect(advised).toEqual(expect.objectContaining({ code: 0 }));
}, 120_000);

test("says what is wrong with a configuration: a value, or a key that there is not", async () => {
  const small = await judged("small", { "generated-secret-length": { characters: 1 } });
  expect(small.code).not.toBe(0);
  expect(small.output).toContain(
    "generated-secret-length: characters: Must be greater than or equal to 16",
  );

  const misspelt = await judged("misspelt", { "generated-secret-length": { characterz: 40 } });
  expect(misspelt.code).not.toBe(0);
  expect(misspelt.output).toContain("configuration of generated-secret-length is wrong");
  expect(misspelt.output).toContain("characterz");
}, 120_000);
