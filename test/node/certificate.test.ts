/** The certificate: when it is ordered, from whom, and that the next node has it. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../support/until.ts";
import { ADDRESS } from "./support/documents.ts";
import { python } from "./support/python.ts";
import { testNode, type TestNode } from "./support/testNode.ts";

const acme = {
  image: "goacme/lego:v5.3.1",
  directory: "https://acme.example/directory",
  names: [ADDRESS],
};
const nameOf = (of: object) => String(python("certificate", "certificate.name_of(given)", of));

let node: TestNode;
/** At the authority of the test. */
let order: typeof acme;
let task: object;

beforeEach(async () => {
  node = await testNode();
  order = { ...acme, directory: `${node.aws.url}/acme/directory` };
  task = { address: ADDRESS, acme: order, ports: [{ name: "acme", from: 8402 }] };
});

afterEach(async () => {
  await node.remove();
});

/** Where Amazon Linux keeps the authorities that it trusts. */
const AMAZON_LINUX = "/etc/pki/tls/certs/ca-bundle.crt";

const orders = () => node.programs.calls("docker").filter((it) => it.startsWith("docker run"));

const served = () =>
  until((): { readonly chain: string; readonly key: string } | undefined => {
    try {
      return JSON.parse(node.read("run/turnkey/certificate.json"));
    } catch {
      return undefined;
    }
  }, 20_000);

const printed = (text: string) =>
  until(() => (node.printed().includes(text) ? true : undefined), 20_000).catch(
    (error: unknown) => {
      throw new Error(`printed was\n${node.printed()}`, { cause: error });
    },
  );

test("is ordered once the address is the node's, and not before", async () => {
  node.aws.publicAddress = "203.0.113.50";
  node.start("certificate.py", task);
  await printed(`waiting: ${ADDRESS} is not this node's yet`);
  expect(orders()).toEqual([]);
  node.aws.publicAddress = ADDRESS;
  expect(await served()).toEqual({
    chain: `chain of ${nameOf(order)}\n`,
    key: `key of ${nameOf(order)}\n`,
  });
  expect(orders()[0]).toContain(`--mount=type=bind,source=${AMAZON_LINUX},`);
});

test("is ordered once its names lead to the node, and tells the record that is missing", async () => {
  node.aws.publicAddress = ADDRESS;
  const name = "turn.no-such-name.invalid";
  node.start("certificate.py", { ...task, acme: { ...order, names: [name] } });
  await printed(`${name} leads nowhere, wanted ${ADDRESS} - add the record A ${name} ${ADDRESS}`);
  expect(orders()).toEqual([]);
});

test("is kept, and so is the account, so that the next node serves it at once", async () => {
  node.aws.publicAddress = ADDRESS;
  node.start("certificate.py", task);
  await printed("served and kept");
  await node.stop();
  const before = await served();
  node.boot();
  node.aws.publicAddress = undefined;
  node.start("certificate.py", task);
  expect(await served()).toEqual(before);
  expect(node.read("run/turnkey/lego/accounts/authority/account.json")).toBe("an account\n");
});

test("is not ordered while nobody knows whether one is kept", async () => {
  node.aws.publicAddress = ADDRESS;
  node.aws.away.add("s3");
  node.start("certificate.py", task);
  await printed("s3 answers 503 to GET");
  expect(orders()).toEqual([]);
  node.aws.away.delete("s3");
  await served();
});

test("that is refused is not ordered again at once, and why is told", async () => {
  node.aws.publicAddress = ADDRESS;
  node.programs.refuseOrders("too many certificates already issued");
  node.start("certificate.py", task);
  await printed("too many certificates already issued");
  expect(orders()).toHaveLength(1);
});

test("that is kept as it is already is not stored again", async () => {
  node.aws.publicAddress = ADDRESS;
  node.start("certificate.py", task);
  await printed("served and kept");
  await node.stop();
  node.boot();
  const before = node.printed();
  node.start("certificate.py", task);
  await until(
    () => (node.printed().slice(before.length).includes("served and kept") ? true : undefined),
    20_000,
  );
  expect(node.aws.certificatePuts).toBe(1);
});

test("is ordered soon after an authority that was away is back: that was no order", async () => {
  node.aws.publicAddress = ADDRESS;
  node.aws.away.add("acme");
  node.start("certificate.py", task);
  await printed("answers 503 to GET");
  expect(orders()).toEqual([]);
  node.aws.away.delete("acme");
  await served();
});

test("is looked at each half to one and a half hours, by chance", () => {
  const pauses = "[certificate.look_pause(lambda: it) for it in (0, 0.5, 1)]";
  expect(python("certificate", pauses)).toEqual([1_800, 3_600, 5_400]);
});

/** A keeper whose steps go as a test says; its `run` stands for Docker. */
const SCRIPTED = `
class Scripted(certificate.Keeper):
    def __init__(self):
        self.acme, self.port, self.told = given["acme"], 8402, None
        self.failures = self.failed_orders = 0
    def tell(self, text):
        pass
    def step(self):
        self.now = given["steps"].pop(0)
        if self.now == "authority away":
            raise certificate.Problem("away")
        if self.now != "name leads elsewhere":
            self.order()
        return 1
keeper = Scripted()
def run(*command, **_):
    if command[1] == "run" and keeper.now == "refused":
        raise certificate.Problem("refused")
certificate.run, certificate.publish = run, lambda acme: True
certificate.host.system = lambda: {"authorities": ""}
`;

test("orders that failed are counted until one goes well, whatever hinders one meanwhile", () => {
  const steps = [
    "refused",
    "name leads elsewhere",
    "authority away",
    "authority away",
    "refused",
    "ordered",
    "refused",
  ];
  const turns =
    'exec(given["program"], globals()) or [keeper.turn() for _ in list(given["steps"])]';
  expect(python("certificate", turns, { program: SCRIPTED, acme, steps })).toEqual([
    900, 1, 10, 20, 1_800, 1, 900,
  ]);
});

const files = (body: string) => python("certificate", "certificate.files_in(given)", body);

test("what is kept is files in lego's folder, and nothing else is put there", () => {
  const kept = { "accounts/a.json": "an account" };
  expect(files(JSON.stringify({ format: 1, files: kept }))).toEqual(kept);
  for (const path of ["/etc/passwd", "../task.json", "accounts/../../task.json"])
    expect(() => files(JSON.stringify({ files: { [path]: "" } }))).toThrow(
      `ValueError: it has a file elsewhere: ${path}`,
    );
  for (const body of ["{", "[]", "{}", '{"files": {"a": 1}}'])
    expect(() => files(body)).toThrow(/JSONDecodeError|ValueError: it has no files/);
});

test("is ordered anew where what is kept is of no use, and that is told", async () => {
  node.aws.publicAddress = ADDRESS;
  node.aws.certificate = "no JSON";
  node.start("certificate.py", task);
  await printed("what is kept is of no use, so another is ordered");
  await printed("served and kept");
  expect(node.aws.certificate).toContain("an account");
});

test("is kept without what lego's folder only leads to: lego may read less than the node's root", () => {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-lego-"));
  try {
    const [lego, other] = [join(folder, "lego"), join(folder, "api")];
    for (const it of [`${lego}/accounts`, `${lego}/certificates`, other])
      mkdirSync(it, { recursive: true });
    writeFileSync(`${other}/key`, "a secret of another service");
    writeFileSync(`${lego}/accounts/account.json`, "an account");
    symlinkSync(`${other}/key`, `${lego}/accounts/key`);
    symlinkSync(other, `${lego}/accounts/folder`);
    for (const end of ["crt", "key"])
      symlinkSync(`${other}/key`, `${lego}/certificates/${nameOf(acme)}.${end}`);
    const asked =
      '[setattr(certificate, "LEGO", given["lego"]), certificate.files_kept(given["acme"]), certificate.publish(given["acme"])][1:]';
    expect(python("certificate", asked, { lego, acme })).toEqual([
      { "accounts/account.json": "an account" },
      false,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const given = (of: object = acme) =>
  python("certificate", "certificate.order_arguments(given, 8402, '/the-node/authorities')", of);

describe("lego", () => {
  test("answers the challenge where the edge looks for it, and agrees to the terms", () => {
    expect(given()).toEqual(
      expect.arrayContaining([
        "--accept-tos",
        "--http",
        "--http.address=127.0.0.1:8402",
        "--server=https://acme.example/directory",
        `--domains=${ADDRESS}`,
      ]),
    );
  });

  test("runs as nobody, with nothing to write to but its folder", () => {
    expect(given()).toEqual(
      expect.arrayContaining(["--read-only", "--cap-drop=ALL", "--user=65530:65530"]),
    );
  });

  test("trusts whom the node trusts", () => {
    const place = "/etc/ssl/certs/ca-certificates.crt";
    expect(given()).toContain(
      `--mount=type=bind,source=/the-node/authorities,target=${place},readonly`,
    );
  });

  test("never waits by itself", () => {
    expect(given()).toContain("--no-random-sleep");
  });

  test("is told an e-mail and a profile only where there are such", () => {
    const more = { ...acme, email: "ops@example.com", profile: "shortlived" };
    expect(given(more)).toEqual(
      expect.arrayContaining(["--email=ops@example.com", "--profile=shortlived"]),
    );
    expect(String(given())).not.toMatch(/--email|--profile/);
  });

  test.each([
    ["names", { names: ["turn.example.com"] }],
    ["an authority", { directory: "https://staging.example/directory" }],
    ["a profile", { profile: "shortlived" }],
  ])("orders another certificate for other %s", (_what, change) => {
    expect(nameOf({ ...acme, ...change })).not.toBe(nameOf(acme));
  });
});
