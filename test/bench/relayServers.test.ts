/** What the benchmark of the relay makes of the plan. */
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { benchPlan } from "../../bench/relay/benchPlan.ts";
import { addressRange, coturnConfig } from "../../bench/relay/coturnConfig.ts";
import { ownTlsService } from "../../bench/relay/ownTls.ts";
import { nodeReceiveBuffer } from "../../bench/relay/receiveBuffer.ts";
import { nodeScheduling } from "../../bench/relay/scheduling.ts";
import type { Service } from "../../plan/plan.ts";

const plan = benchPlan();

function livekit(): Service {
  const found = plan.services.find((it) => it.name === "livekit");
  if (!found) throw new Error("the plan has no LiveKit");
  return found;
}

const configOf = (service: Service) => {
  const files = service.folders.flatMap((it) => it.files);
  return parse(files.flatMap((it) => ("text" in it ? [it.text] : []))[0] ?? "");
};

describe("LiveKit that ends TLS itself", () => {
  const ours = configOf(livekit());
  const own = configOf(
    ownTlsService(livekit(), { address: "18.184.1.3", tlsPort: 5349, beside: 100 }),
  );

  test("has the peers, the relay ports and the limits of the plan's", () => {
    for (const key of [
      "relay_range_start",
      "relay_range_end",
      "deny_peer_cidrs",
      "allow_restricted_peer_cidrs",
      "per_user_relay_allocation_limit",
      "udp_port",
    ])
      expect([key, own.turn[key]]).toEqual([key, ours.turn[key]]);
    expect(ours.turn.deny_peer_cidrs.length).toBeGreaterThan(20);
  });

  test("ends TLS, and opens nothing that the other opens", () => {
    expect(ours.turn.external_tls).toBe(true);
    expect(own.turn).not.toHaveProperty("external_tls");
    expect(own.turn).toMatchObject({ tls_port: 5349, bind_addresses: ["18.184.1.3"] });
    expect(own.port).not.toBe(ours.port);
    expect(own.rtc.tcp_port).not.toBe(ours.rtc.tcp_port);
    expect(own.prometheus.port).not.toBe(ours.prometheus.port);
  });
});

describe("coturn", () => {
  test.each([
    ["10.0.0.0/8", "10.0.0.0-10.255.255.255"],
    ["192.0.2.0/24", "192.0.2.0-192.0.2.255"],
    ["240.0.0.0/4", "240.0.0.0-255.255.255.255"],
    ["18.184.1.2/32", "18.184.1.2-18.184.1.2"],
  ])("gets %s as %s", (cidr, range) => expect(addressRange(cidr)).toBe(range));

  test("has the plan's relay ports, and denies what LiveKit denies", () => {
    const files = { certificate: "/crt", key: "/key", pid: "/pid" };
    const text = coturnConfig(
      { plan, address: "18.184.1.4", realm: "turn.example.com", secret: "s", ...files },
      "10.77.0.0/24",
    );
    const { relay_range_start: from, relay_range_end: to } = configOf(livekit()).turn;
    expect(text).toContain(`min-port=${from}\nmax-port=${to}\n`);
    const ipv4 = configOf(livekit()).turn.deny_peer_cidrs.filter((it: string) => !it.includes(":"));
    const denied = [...text.matchAll(/^denied-peer-ip=(.*)$/gm)].map(([, range]) => range);
    expect(denied).toEqual(ipv4.map(addressRange));
  });
});

test("the scheduling is that of the node's script", () => {
  expect(nodeScheduling()).toEqual(["chrt", "--batch", "0"]);
  expect(() => nodeScheduling({ "host.py": "" })).toThrow("host.py says no CPUSchedulingPolicy");
});

test("the receive buffer is that of the node's script", () => {
  expect(Number(nodeReceiveBuffer())).toBeGreaterThan(212_992);
  expect(() => nodeReceiveBuffer({ "host.py": "" })).toThrow("host.py says no");
});
