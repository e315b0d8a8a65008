import { build } from "esbuild";
import { createHash } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BundleName } from "../plan/plan.ts";
import { bundlePage } from "./bundlePage.ts";

/** The repository: paths inside the bundle are relative to it, so every checkout gives the same bytes. */
const ROOT = join(import.meta.dirname, "..");

/** Fastify and its parts are CommonJS and look for a `require`, which an ES module does not have. */
const REQUIRE = `import{createRequire}from"node:module";const require=createRequire(import.meta.url);`;

/** The API server as one ES module for Node 24. */
async function bundleServer(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["api/server.ts"],
    banner: { js: REQUIRE },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    legalComments: "none",
    logLevel: "silent",
    write: false,
  });
  const [bundle] = outputFiles;
  if (!bundle) throw new Error("esbuild made no bundle of the API server");
  return bundle.contents;
}

const bundlers = {
  api: { file: "api.mjs", make: bundleServer },
  demoPage: { file: "demo-page.json", make: () => bundlePage(ROOT, "client/demo", "/demo") },
  diagnosticsPage: {
    file: "diagnostics-page.json",
    make: () => bundlePage(ROOT, "client/diagnostics", "/diagnostics"),
  },
} satisfies Record<BundleName, { file: string; make: () => Promise<Uint8Array> }>;

/**
 * Makes one bundle and writes it into `folder`, readable for everybody. The same sources give the same
 * bytes, so `sha256` (hex) changes exactly when what is bundled does.
 */
export async function writeBundle(
  name: BundleName,
  folder: string,
): Promise<{ path: string; sha256: string }> {
  const { file, make } = bundlers[name];
  const contents = await make();
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
  // Whoever bundles: another mode would make another image of it.
  await chmod(path, 0o644);
  return { path, sha256: createHash("sha256").update(contents).digest("hex") };
}

/** Makes every bundle, side by side. */
export async function writeBundles(folder: string) {
  const [api, demoPage, diagnosticsPage] = await Promise.all([
    writeBundle("api", folder),
    writeBundle("demoPage", folder),
    writeBundle("diagnosticsPage", folder),
  ]);
  return { api, demoPage, diagnosticsPage };
}
