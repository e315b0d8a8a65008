/** Where secrets are on the node, and where they are not. */
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import type { Rig } from "../../support/node/rig.ts";
import { shippedLines } from "../../support/node/watched.ts";

const MINUTES = 60_000;

/** Whatever of these is printed anywhere would let somebody in. */
async function secretsOf({ deployed, node }: Rig): Promise<Readonly<Record<string, string>>> {
  const { roomKey, turnKey, verifierKey, apiJwtSecret = "" } = deployed.outputs;
  const certificate = await node.run(["cat", "/run/turnkey/certificate.json"], MINUTES);
  const { key } = z.object({ key: z.string() }).parse(JSON.parse(certificate));
  return {
    roomKey: roomKey.secret,
    turnKey: turnKey.secret,
    verifierKey,
    signIn: apiJwtSecret,
    userIdKey: deployed.parameters["/turnkey/prod/userIdKey"] ?? "",
    // A line of the PEM, as files have it.
    certificateKey: key.split("\n")[1] ?? "",
  };
}

/** Prints what may be looked at, by what it is. */
const PRINTED = {
  "environments and command lines":
    "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'; true",
  "containers as they are inspected": "docker ps --all --quiet | xargs docker inspect",
  "the journal": "journalctl --no-pager --output=cat",
  "systemd's units": "systemctl show --no-pager '*'; cat /run/systemd/system/turnkey-*.service",
  "logs of containers":
    "docker ps --format '{{.Names}}' | xargs --max-args=1 docker logs 2>&1; true",
};

/** Declares the tests. */
export function secretsTests(rig: () => Rig): void {
  const shell = (script: string, ...args: string[]) =>
    rig().node.run(["sh", "-c", script, "sh", ...args], 5 * MINUTES);
  const heldIn = async (text: string) =>
    Object.entries(await secretsOf(rig()))
      .filter(([, it]) => text.includes(it))
      .map(([name]) => name);
  /** Files below folders that hold one of these. */
  const filesWith = async (some: readonly string[], ...folders: string[]) => {
    const script = 'grep -rlsF "$@" || true';
    const printed = await shell(script, ...some.flatMap((it) => ["-e", it]), "--", ...folders);
    return printed.split("\n").filter(Boolean);
  };

  describe("secrets", () => {
    test(
      "are unlike anything else, and in memory that is root's",
      async () => {
        for (const it of Object.values(await secretsOf(rig()))) {
          expect(it.length).toBeGreaterThan(20);
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          expect((await filesWith([it], "/run/turnkey")).length).toBeGreaterThan(0);
        }
        const told = await shell("stat -f -c %T /run/turnkey; stat -c '%U %a' /run/turnkey");
        expect(told.trim().split("\n")).toEqual(["tmpfs", "root 700"]);
      },
      3 * MINUTES,
    );

    test(
      "are on no disk of the node's",
      async () => {
        const all = Object.values(await secretsOf(rig()));
        const folders = ["/var", "/etc", "/root", "/usr/local", "/home", "/opt"];
        expect(await filesWith(all, ...folders)).toEqual([]);
      },
      15 * MINUTES,
    );

    test.each(Object.entries(PRINTED))(
      "are not in %s",
      async (_, script) => {
        const printed = await shell(script);
        expect(await heldIn(printed)).toEqual([]);
        expect(printed.length).toBeGreaterThan(100);
      },
      4 * MINUTES,
    );

    test(
      "are in no line that was shipped",
      async () => {
        const lines = Object.values(await shippedLines(rig())).flat();
        expect(lines.length).toBeGreaterThan(10);
        expect(await heldIn(lines.join("\n"))).toEqual([]);
      },
      MINUTES,
    );
  });
}
