import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Page } from "./page.ts";

/** Media types by the ending of what esbuild makes. */
const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

/**
 * The page in `source` (a folder with index.html, main.ts and style.css, relative to `root`) as a `Page`
 * for `path`: what it loads is named by a hash of its contents, so that browsers may keep it.
 */
export async function bundlePage(root: string, source: string, path: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`${source}/main.ts`, `${source}/style.css`],
    entryNames: "[name]-[hash]",
    outdir: source,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: ["chrome109", "firefox115", "safari16"],
    legalComments: "none",
    logLevel: "silent",
    write: false,
  });
  let html = await readFile(join(root, source, "index.html"), "utf8");
  const assets: Page["assets"] = {};
  for (const { path: file, text } of outputFiles) {
    const name = basename(file);
    const [stem, ending = ""] = name.split(/-[^-]+\./);
    const named = `"${stem}.${ending}"`;
    const type = types[ending];
    if (type === undefined || !html.includes(named))
      throw new Error(`${source}/index.html does not load ${named}`);
    html = html.replaceAll(named, `"${path}/${name}"`);
    assets[name] = { type, text };
  }
  return new TextEncoder().encode(JSON.stringify(Page.parse({ html, assets })));
}
