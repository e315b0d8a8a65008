/** The image that the edge runs from, whichever this machine has, holds what the plan takes for granted. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectEngine, withQuery } from "../../machine/dockerEngine.ts";
import { removeObject } from "../../machine/engineObjects.ts";
import { readLocalImages } from "../../machine/localImages.ts";
import { look } from "../../machine/look.ts";
import { haproxyImage } from "../../plan/images.ts";
import { laptop } from "../support/plans.ts";

const config = `
global
  lua-load /config/hello.lua
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend all
  bind 127.0.0.1:24910
  http-request use-service prometheus-exporter if { path /metrics }
  http-request use-service lua.hello
`;
const hello = `
core.register_service("hello", "http", function(applet)
  applet:set_status(200)
  applet:start_response()
  applet:send("a word from " .. _VERSION .. "\\n")
end)
`;

const engine = connectEngine();
const image = haproxyImage(undefined, { ...laptop, localImages: readLocalImages() });
let folder: string;
let container: string | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-haproxy-"));
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, "haproxy.cfg"), config);
  writeFileSync(join(folder, "hello.lua"), hello);
  if (!readLocalImages().haproxy)
    await text(await engine.raw("POST", withQuery("/images/create", { fromImage: image })));
}, 120_000);
afterAll(async () => {
  if (container !== undefined) await removeObject(engine, { kind: "container", id: container });
  rmSync(folder, { recursive: true, force: true });
});

test("without root, capabilities and a writable file it serves Lua and metrics, and wget asks for them", async () => {
  const script = [
    "/usr/local/sbin/haproxy -D -f /config/haproxy.cfg",
    "wget -q -O - http://127.0.0.1:24910/",
    "wget -q -O - http://127.0.0.1:24910/metrics",
  ];
  const created = await engine.json(
    "POST",
    withQuery("/containers/create", { name: `turnkey-test-${randomBytes(4).toString("hex")}` }),
    {
      Image: image,
      Entrypoint: ["sh", "-c", script.join(" && ")],
      User: "65532:65532",
      Labels: { "turnkey.test": "haproxy" },
      Tty: true, // otherwise the log comes in frames
      HostConfig: {
        Binds: [`${folder}:/config:ro`],
        CapDrop: ["ALL"],
        NetworkMode: "none",
        ReadonlyRootfs: true,
        SecurityOpt: ["no-new-privileges"],
      },
    },
  );
  container = look(created).text("Id");
  await engine.json("POST", `/containers/${container}/start`);
  await engine.json("POST", `/containers/${container}/wait`);
  const printed = await text(await engine.raw("GET", `/containers/${container}/logs?stdout=true`));
  expect(printed).toMatch(/^a word from Lua 5\.3\r?\n/);
  expect(printed).toContain("haproxy_process_nbthread");
});
