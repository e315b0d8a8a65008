/** The certificate: when it is ordered, from whom, and that the next node has it. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { until } from "../support/until.ts";
import { ADDRESS } from "./support/documents.ts";
import { python } from "./support/python.ts";
import { testNode, type TestNode } from "./support/testNode.ts";

const acme = {
  image: "goacme/lego:v5.3.1",
  directory: "https://acme.example/directory",
  names: [ADDRESS],
};
const task = { address: ADDRESS, acme, ports: [{ name: "acme", from: 8402 }] };
const nameOf = (of: object) => String(python("certificate", "certificate.name_of(given)", of));

let node: TestNode;

beforeEach(async () => {
  node = await testNode();
});

afterEach(async () => {
  await node.remove();
});

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
    chain: `chain of ${nameOf(acme)}\n`,
    key: `key of ${nameOf(acme)}\n`,
  });
});

test("is ordered once its names lead to the node, and tells the record that is missing", async () => {
  node.aws.publicAddress = ADDRESS;
  const name = "turn.no-such-name.invalid";
  node.start("certificate.py", { ...task, acme: { ...acme, names: [name] } });
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

const given = (of: object = acme) =>
  python("certificate", "certificate.order_arguments(given, 8402)", of);

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
      expect.arrayContaining(["--read-only", "--cap-drop=ALL", "--user=65532:65532"]),
    );
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
