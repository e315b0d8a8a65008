import { describe, expect, test } from "@jest/globals";
import { complainers, uploads } from "../../subjects/samples.ts";

const edge = (lines: string) =>
  complainers([uploads({ "/etc/haproxy/haproxy.cfg": lines }, { image: "haproxy:2.6.32" })]);

describe("TLS of an edge", () => {
  test.each([
    [
      "by default",
      "global\n  ssl-default-bind-options ssl-min-ver TLSv1.2\nfrontend a\n  bind :443 ssl crt /c",
    ],
    ["at the port", "  bind :443 ssl crt /c ssl-min-ver TLSv1.3"],
    ["nowhere", "  bind :80"],
    ["in a comment only", "  bind :80 # ssl some day"],
  ])("is new enough %s", (_, lines) => {
    expect(edge(lines)).toEqual([]);
  });

  test.each([
    ["not said", "  bind :443 ssl crt /c"],
    [
      "said in a comment",
      "  # ssl-default-bind-options ssl-min-ver TLSv1.2\n  bind :443 ssl crt /c",
    ],
    ["too old", "  ssl-default-bind-options ssl-min-ver TLSv1.1\n  bind :443 ssl crt /c"],
    [
      "too old at one port",
      "  ssl-default-bind-options ssl-min-ver TLSv1.2\n  bind :443 ssl crt /c ssl-min-ver TLSv1.0",
    ],
    ["said at another port", "  bind :443 ssl crt /c ssl-min-ver TLSv1.2\n  bind :444 ssl crt /c"],
  ])("is found where it is %s", (_, lines) => {
    expect(edge(lines)).toEqual(["turn-edge-tls"]);
  });
});
