import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  libraryClosure,
  unpackPackages,
  upstreamVersion,
} from "../../../scripts/setup/debianPackages.ts";

describe("of what a package depends on", () => {
  const printed = `haproxy
  PreDepends: dpkg
  Depends: libssl3
  Depends: libsystemd0
    libelogind0
  Depends: adduser
dpkg
  PreDepends: libbz2-1.0
adduser
 |Depends: perl
libssl3
  Depends: libc6
libsystemd0
 |Depends: libcap2
  PreDepends: liblz4-1
libc6
  Depends: libgcc-s1
libgcc-s1
  Depends: libc6
<libvirtual>
  libmusl`;

  test("libraries come along with theirs, and nothing else does", () => {
    expect(libraryClosure(printed, "haproxy")).toEqual([
      "haproxy",
      "libc6",
      "libcap2",
      "libgcc-s1",
      "liblz4-1",
      "libssl3",
      "libsystemd0",
    ]);
  });

  test("a package without any comes alone", () => {
    expect(libraryClosure(printed, "busybox-static")).toEqual(["busybox-static"]);
  });
});

describe("the version of what is inside an archive", () => {
  test.each([
    ["without Debian's own part", "haproxy_2.6.12-1+deb12u4_amd64.deb", "2.6.12"],
    ["without an epoch", "haproxy_1%3a3.0.11-1_arm64.deb", "3.0.11"],
  ])("is told %s", (_, archive, version) => {
    expect(upstreamVersion(["haproxy-doc_9.9.9_all.deb", archive], "haproxy")).toBe(version);
  });

  test.each([[["haproxy_2.6-1_amd64.deb"]], [["libc6_2.36.1-9_amd64.deb"]], [[]]])(
    "is missed in %j",
    (archives) => {
      expect(() => upstreamVersion(archives, "haproxy")).toThrow("no version of haproxy");
    },
  );
});

/** The package tools in a folder of their own: apt behaves as `aptGet` says, dpkg-deb unpacks a file. */
describe("fetching", () => {
  let tools: string;
  let folder: string;
  const path = process.env["PATH"] ?? "";
  const tool = (name: string, script: string) => {
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(tools, name), 0o755);
  };
  const download = 'echo x > "tool_1.0.0_all.deb"';
  const context = { report: () => undefined, signal: new AbortController().signal };
  const fetch = () =>
    unpackPackages(
      { name: "tool", withLibraries: false, purpose: "tool, for a test", folder },
      context,
    );

  beforeEach(() => {
    const work = mkdtempSync(join(tmpdir(), "turnkey-packages-"));
    [tools, folder] = [join(work, "tools"), join(work, "folder")];
    for (const it of [tools, folder]) mkdirSync(it);
    tool("dpkg-deb", 'echo "$2" > "$3/unpacked"');
    process.env["PATH"] = `${tools}${delimiter}${path}`;
  });
  afterEach(() => {
    process.env["PATH"] = path;
    rmSync(join(tools, ".."), { recursive: true, force: true });
  });

  test("unpacks what is downloaded with the system's lists, which stay as they are", async () => {
    tool("apt-get", `[ "$1" = download ] || exit 1; ${download}`);
    const { root, archives } = await fetch();
    expect(archives).toEqual(["tool_1.0.0_all.deb"]);
    expect(readdirSync(root)).toEqual(["unpacked"]);
  });

  test("makes lists of its own where the system's are absent or old, and keeps nothing of before", async () => {
    tool(
      "apt-get",
      `case "$*" in
        download*) echo x > tool_0.9.0_all.deb; exit 100;;
        *Dir::State::lists=${folder}/lists*update) touch "${folder}/lists/fresh";;
        *Dir::State::lists=${folder}/lists*download*) [ -f "${folder}/lists/fresh" ] && ${download};;
      esac`,
    );
    expect((await fetch()).archives).toEqual(["tool_1.0.0_all.deb"]);
  });

  test("that cannot be done tells what for, and apt's words", async () => {
    tool("apt-get", "echo 'E: the mirror is gone'; exit 100");
    await expect(fetch()).rejects.toMatchObject({
      message: "tool, for a test, could not be fetched\nE: the mirror is gone",
      mend: ["mend what apt says, then run the same command again"],
    });
  });

  test("elsewhere than on Debian and Ubuntu tells where it would be", async () => {
    process.env["PATH"] = tools;
    await expect(fetch()).rejects.toMatchObject({
      mend: ["machines that reach only package registries are supported on Debian and Ubuntu"],
    });
  });
});
