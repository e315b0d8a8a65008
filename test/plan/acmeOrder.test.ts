/** Who certifies a node, for what, and by which profile. */
import { describe, expect, test } from "@jest/globals";
import { acmeOrder } from "../../plan/acmeOrder.ts";
import { renderNodeDocument } from "../../plan/renderNodeDocument.ts";
import { prodPlan } from "../support/plans.ts";

const byName = { dns: ["calls.example.net"], ip: [] };
const byAddress = { dns: [], ip: ["18.184.1.2"] };
const DIRECTORY = "https://acme.example.net/dir";

describe("a node orders its certificate", () => {
  test("from Let's Encrypt, for its names", () => {
    expect(acmeOrder({ staging: false }, byName)).toEqual({
      image: expect.stringMatching(/^goacme\/lego:v5\./),
      directory: "https://acme-v02.api.letsencrypt.org/directory",
      names: ["calls.example.net"],
    });
  });

  test("from the staging environment for trials, and tells an e-mail only where there is one", () => {
    expect(acmeOrder({ staging: true, email: "ops@example.net" }, byName)).toMatchObject({
      directory: "https://acme-staging-v02.api.letsencrypt.org/directory",
      email: "ops@example.net",
    });
  });

  test("for a bare address by the only profile that Let's Encrypt has for such", () => {
    expect(acmeOrder({ staging: false }, byAddress)).toMatchObject({
      profile: "shortlived",
      names: ["18.184.1.2"],
    });
  });

  test("from any other authority by that one's own default", () => {
    const order = acmeOrder({ staging: false, directory: DIRECTORY }, byAddress);
    expect(order).toMatchObject({ directory: DIRECTORY });
    expect(order).not.toHaveProperty("profile");
  });
});

/** The order, and the files with a certificate, of a document whose other secrets are all there. */
const held = (values: Parameters<typeof prodPlan>[0]) => {
  const plan = prodPlan(values);
  const late = plan.services
    .flatMap(({ folders }) => folders.flatMap((it) => it.files))
    .flatMap((it) => ("late" in it ? [it.late] : []));
  const own = plan.acme === undefined ? [] : ["certificate", "certificateAndKey"];
  const secrets = new Set<string>(late.filter((it) => !own.includes(it)));
  const { services, acme } = renderNodeDocument(plan, secrets, {});
  const files = services.flatMap(({ folders }) => folders.flatMap((it) => it.files));
  return { acme, files: files.filter(({ path }) => path.endsWith(".pem")) };
};

test("a node that is given a certificate orders none, and gets its key as a secret", () => {
  const { acme, files } = held({
    turn: { domain: "calls.example.net" },
    certificate: { chainFile: "chain.pem", keyFile: "key.pem" },
  });
  expect(acme).toBeUndefined();
  expect(new Set(files.map((it) => ("parameter" in it ? it.parameter : it)))).toEqual(
    new Set(["certificate", "certificateAndKey"]),
  );
});

test("one that orders has a certificate of its own in the same files", () => {
  const { acme, files } = held({ turn: { domain: "calls.example.net" } });
  expect(acme?.names).toEqual(["calls.example.net"]);
  expect(new Set(files.map((it) => ("certificate" in it ? it.certificate : it)))).toEqual(
    new Set(["chain", "chainAndKey"]),
  );
});
