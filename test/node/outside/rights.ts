/** What the processes of a node may do, and what the kernel does for them. */
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { row } from "../../../turn/ports.ts";
import { containerOf } from "../../support/node/faults.ts";
import type { Rig } from "../../support/node/rig.ts";

const SECONDS = 1_000;

/** Who runs what on a node. */
export const USERS = {
  root: 0,
  livekit: 65_531,
  api: 65_532,
  edge: 65_533,
  acme: 65_530,
} as const;

const SERVICES = ["livekit", "api", "edge"] as const;

const Inspected = z.tuple([
  z.object({
    Config: z.object({ User: z.string() }),
    HostConfig: z.object({
      Privileged: z.boolean(),
      ReadonlyRootfs: z.boolean(),
      CapAdd: z.null(),
      CapDrop: z.array(z.string()),
      SecurityOpt: z.array(z.string()),
      PidsLimit: z.int().positive(),
      Memory: z.int().positive(),
    }),
    State: z.object({ Pid: z.int() }),
    Mounts: z.array(z.object({ RW: z.boolean() })),
  }),
]);

const NONE = "0".repeat(16);

/** Declares the tests. */
export function rightsTests(rig: () => Rig): void {
  const inNode = (...command: string[]) => rig().node.run(command, 60 * SECONDS);
  const inspected = async (service: string) => {
    const [it] = Inspected.parse(
      JSON.parse(await inNode("docker", "inspect", containerOf(rig(), service))),
    );
    return it;
  };

  describe.each(SERVICES)("the process of %s", (service) => {
    const uid = String(USERS[service]);

    test("is of a user of its own, in a container that cannot be written to", async () => {
      const { Config, HostConfig, Mounts } = await inspected(service);
      expect(Config.User).toBe(`${uid}:${uid}`);
      expect(HostConfig).toMatchObject({
        Privileged: false,
        ReadonlyRootfs: true,
        CapDrop: ["ALL"],
        SecurityOpt: ["no-new-privileges"],
      });
      expect(Mounts.filter(({ RW }) => RW)).toEqual([]);
    });

    test("has no capability as the kernel sees it, and files for every relay", async () => {
      const { State } = await inspected(service);
      const lines = (await inNode("cat", `/proc/${State.Pid}/status`)).split("\n");
      expect(Object.fromEntries(lines.map((it) => it.split(/:\s+/)))).toMatchObject({
        Uid: [uid, uid, uid, uid].join("\t"),
        CapPrm: NONE,
        CapEff: NONE,
        CapBnd: NONE,
        NoNewPrivs: "1",
        Seccomp: "2",
      });
      const limits = await inNode("cat", `/proc/${State.Pid}/limits`);
      const relay = row(rig().deployed.outputs.ports, "relay");
      // A socket towards the client, and one towards its peers.
      expect(Number(/Max open files\s+(\d+)/.exec(limits)?.[1])).toBeGreaterThanOrEqual(
        2 * (relay.to - relay.from + 1),
      );
    });
  });

  test("kernel settings are as the node says, where the kernel of this machine has them", async () => {
    const text = await inNode("cat", "/etc/sysctl.d/60-turnkey.conf");
    const wanted = new Map(
      [...text.matchAll(/^-(\S+) = (.*)$/gm)].map(([, name = "", value]) => [name, value]),
    );
    const script = 'for it; do [ -e "$it" ] && echo "$it $(cat "$it")"; done; true';
    const paths = [...wanted.keys()].map((it) => `/proc/sys/${it.replaceAll(".", "/")}`);
    const told = (await inNode("sh", "-c", script, "sh", ...paths)).trim().split("\n");
    const found = new Map(
      told.map((it) => [it.split(" ")[0]?.slice(10).replaceAll("/", "."), it.split(" ")[1]]),
    );
    for (const it of ["net.ipv4.ip_unprivileged_port_start", "net.core.rmem_max"])
      expect([it, found.get(it)]).toEqual([it, wanted.get(it)]);
    // The kernel writes them in an order of its own.
    const ports = found.get("net.ipv4.ip_local_reserved_ports")?.split(",");
    expect(ports).toEqual(expect.arrayContaining(["80", "443", "50000-60000"]));
  });
}
