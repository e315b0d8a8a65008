import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { haproxyImage } from "../../../scripts/setup/localImageRecipes.ts";

const paths = ["/usr/local/sbin/haproxy", "/usr/lib/x86_64-linux-gnu/libssl.so.3"];
const contents = { version: "2.6.12", archives: ["haproxy_2.6.12-1_amd64.deb"], paths };

describe("HAProxy's image", () => {
  let folder: string;
  const image = (changes = {}) => {
    writeFileSync(join(folder, "contents.json"), JSON.stringify({ ...contents, ...changes }));
    return haproxyImage(folder);
  };
  const identities = (changes = {}) =>
    image(changes).entries.flatMap((it) => ("identity" in it ? it.identity : []));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "turnkey-haproxy-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("starts the program that lies where the published image has it", () => {
    const { name, version, entrypoint } = image();
    expect({ name, version, entrypoint }).toEqual({
      name: "turnkey.local/haproxy",
      version: "2.6.12",
      entrypoint: "/usr/local/sbin/haproxy",
    });
  });

  test("holds what was fetched, a shell and wget for health checks, and a folder for what is passing", () => {
    expect(image().entries.map(({ path }) => path)).toEqual([
      ...paths,
      "/bin/busybox",
      "/bin/sh",
      "/bin/wget",
      "/tmp",
    ]);
  });

  test("holds no file that gives its user more rights", () => {
    expect(image().entries.filter((it) => "mode" in it && (it.mode & 0o7000) !== 0)).toEqual([]);
  });

  test("is another one when a package of its files is", () => {
    const updated = { archives: ["haproxy_2.6.12-2_amd64.deb"] };
    expect(identities(updated)).toHaveLength(paths.length);
    expect(identities(updated)).not.toEqual(identities());
  });
});
