import { describe, expect, test } from "@jest/globals";
import { prodPlan } from "../support/plans.ts";
import { NODE, SECOND } from "../support/node/places.ts";
import { addressRules, routerRules } from "../support/node/routerRules.ts";

const rules = routerRules(prodPlan().ports, [NODE]);
/** Lines of a chain. */
const chain = (name: string) =>
  (new RegExp(`chain ${name} {\n(.*?)\n  }`, "s").exec(rules)?.[1] ?? "")
    .split("\n")
    .map((it) => it.trim());

describe("the security group of the rig", () => {
  test("lets in the public rows of the port table, and drops the rest", () => {
    expect(chain("ingress")).toEqual([
      "tcp dport 80-80 return",
      "tcp dport 443-443 return",
      "tcp dport 7881-7881 return",
      "udp dport 50000-60000 return",
      "udp dport 443-443 return",
      "tcp dport 5349-5349 return",
      "counter name ingress drop",
    ]);
  });

  test("lets out what the security group in AWS lets out, and drops the rest", () => {
    expect(chain("egress")).toEqual([
      "udp dport 0-65535 return",
      "tcp dport 443-443 return",
      "tcp dport 80-80 return",
      "tcp dport 53-53 return",
      "counter name egress drop",
    ]);
  });
});

test("the address that one node gives up and another gets changes hands in one transaction", () => {
  const moved = addressRules([{ ...SECOND, public: NODE.public }]);
  expect(moved.split("\n").filter(Boolean)).toEqual([
    "flush map ip rig private_of",
    "flush map ip rig public_of",
    `add element ip rig private_of { ${NODE.public} : ${SECOND.private} }`,
    `add element ip rig public_of { ${SECOND.private} : ${NODE.public} }`,
  ]);
});
