/** `npm run doctor` where almost nothing is there: it still reports, and installs nothing. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { makeCheckout, type Checkout, type Ran } from "../../support/checkout.ts";

const Report = z.object({
  ok: z.boolean(),
  findings: z.array(
    z.object({
      check: z.string(),
      level: z.string(),
      text: z.string(),
      mend: z.string().optional(),
    }),
  ),
});

let checkout: Checkout;
let home: string;
let ran: Ran;
beforeAll(async () => {
  checkout = makeCheckout();
  home = mkdtempSync(join(tmpdir(), "doctor-home-"));
  rmSync(join(checkout.folder, "node_modules"));
  ran = await checkout.exec(process.execPath, ["scripts/bootstrap.mjs", "doctor", "--json"], {
    HOME: home,
    PULUMI_HOME: join(home, "pulumi"),
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_DATA_HOME: join(home, "data"),
    DOCKER_HOST: `unix://${join(home, "docker.sock")}`,
    npm_config_registry: "http://127.0.0.1:1/",
  });
});
afterAll(() => {
  checkout.remove();
  rmSync(home, { recursive: true });
});

const findings = () => Report.parse(JSON.parse(ran.stdout)).findings;

test("without dependencies, engine, CLI and stack it says so, check by check, and exits with 1", () => {
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 1, stderr: "" });
  expect(findings()).toContainEqual({
    check: "node",
    level: "problem",
    text: "the dependencies are not installed",
    mend: "npm run up installs them",
  });
  expect(findings()).toContainEqual(
    expect.objectContaining({
      check: "engine",
      level: "problem",
      text: expect.stringContaining("no Docker Engine is at"),
    }),
  );
  expect(findings().filter(({ check, level }) => check === "disk" && level === "ok")).toHaveLength(
    3,
  );
  expect(
    findings()
      .map(({ text }) => text)
      .join("\n"),
  ).not.toContain("could not be checked");
});

test("it installed nothing and wrote nothing", () => {
  expect(existsSync(join(checkout.folder, "node_modules"))).toBe(false);
  expect(readdirSync(home)).toEqual([]);
});
