import { describe, expect, test } from "@jest/globals";
import type { Props } from "../../../support/policy.ts";
import {
  complainers,
  document,
  livekitService,
  media,
  withCoturn,
} from "../../subjects/samples.ts";

const host = (sections: Props, rest: Props = {}) =>
  complainers([document([livekitService(sections, { network: "host", ...rest })]), media]).filter(
    (it) => it !== "container-host-network",
  );

describe("metrics on the machine's network", () => {
  test.each([
    ["on every interface", { bind_addresses: undefined }],
    ["on one that others reach", { bind_addresses: ["127.0.0.1", "198.51.100.7"] }],
    [
      "with half a login",
      { bind_addresses: ["0.0.0.0"], prometheus: { port: 6789, username: "me" } },
    ],
    ["by the older key", { bind_addresses: [], prometheus: undefined, prometheus_port: 6789 }],
  ])("are found %s", (_, sections) => {
    expect(host(sections)).toEqual(["turn-metrics-closed"]);
  });

  test.each([
    ["on loopback", {}],
    ["off", { bind_addresses: undefined, prometheus: undefined }],
    [
      "with a login",
      { bind_addresses: ["0.0.0.0"], prometheus: { port: 6789, username: "me", password: "pw" } },
    ],
  ])("pass %s", (_, sections) => {
    expect(host(sections)).toEqual([]);
  });

  test("are coturn's as well", () => {
    const open = complainers(withCoturn({ prometheus: "" }));
    expect(open).toContain("turn-metrics-closed");
    expect(
      complainers(withCoturn({ prometheus: "", "prometheus-address": "127.0.0.1" })),
    ).not.toContain("turn-metrics-closed");
  });
});
