import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The repository: paths inside the bundle are relative to it, so every checkout gives the same bytes. */
const ROOT = join(import.meta.dirname, "..");

/** Fastify and its parts are CommonJS and look for a `require`, which an ES module does not have. */
const REQUIRE = `import{createRequire}from"node:module";const require=createRequire(import.meta.url);`;

/**
 * Bundles the API server into one ES module for Node 24 and writes it to `outfile`. The same sources
 * give the same bytes, so `sha256` (hex) changes exactly when the server does.
 */
export async function bundleApi(outfile: string): Promise<{ path: string; sha256: string }> {
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
  await mkdir(dirname(outfile), { recursive: true });
  await writeFile(outfile, bundle.contents);
  return { path: outfile, sha256: createHash("sha256").update(bundle.contents).digest("hex") };
}
