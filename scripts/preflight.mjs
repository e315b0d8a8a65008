// Runs before the Pulumi program: says so when Node is too old to run TypeScript, and turns on the
// compile cache. Plain JavaScript that every Node since 18 can read.
import module from "node:module";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Node ${process.versions.node} is too old to run this program; it needs 22.18 or newer.\n` +
      "Run `npm run up`, which brings its own Node, or put ./node_modules/.bin first on PATH.",
  );
  process.exit(1);
}
module.enableCompileCache();
