/**
 * The door of every npm script: `node scripts/bootstrap.mjs <command> [options]`. Installs the
 * dependencies when they are missing or the lock changed, then runs `scripts/cli.ts` with the
 * Node 24 that came with them. Plain JavaScript without dependencies, as nothing is installed yet;
 * it parses on Node 18. Talks on stderr only: stdout belongs to the command.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeModules = join(root, "node_modules");
const marker = join(nodeModules, ".turnkey-installed");
const npmArguments = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
  // Whatever the user's npm leaves out by default, Node 24 is optional and the tests are dev.
  .concat("--include=optional", "--include=dev", "--loglevel=error");

/** Stops with what is wrong and, indented below it, what to do. */
function stop(message, ...mend) {
  process.stderr.write(`\n${[message, ...mend.map((line) => `  ${line}`)].join("\n")}\n`);
  process.exit(1);
}

function version(text) {
  const [major = 0, minor = 0] = text.split(".").map(Number);
  return { major, minor };
}

/** What the installed dependencies depend on: the manifest, its lock, and the machine's kind. */
function wantedDependencies() {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}\n`);
  for (const name of ["package.json", "package-lock.json"])
    hash.update(readFileSync(join(root, name)));
  return hash.digest("hex");
}

function installedDependencies() {
  try {
    return readFileSync(marker, "utf8");
  } catch {
    return undefined;
  }
}

/** Shows that an install is going on: seconds that tick on a terminal, otherwise a line now and then. */
function showProgress(text) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const terminal = process.stderr.isTTY;
  const say = () =>
    process.stderr.write(terminal ? `\r${text} (${seconds()} s) ` : `${text} (${seconds()} s)\n`);
  process.stderr.write(terminal ? text : `${text}\n`);
  const timer = setInterval(say, terminal ? 1000 : 10_000);
  return (end) => {
    clearInterval(timer);
    process.stderr.write(`${terminal ? "\r" : ""}${text}: ${end} (${seconds()} s)\n`);
  };
}

/** npm as the user started it (`npm run` names its own file), otherwise the one on PATH. */
function startNpm(args) {
  const own = process.env.npm_execpath;
  const options = { cwd: root, stdio: ["ignore", "pipe", "pipe"] };
  if (own && /npm-cli\.c?js$/.test(own)) return spawn(process.execPath, [own, ...args], options);
  // Windows has npm as a .cmd file, which only a shell runs.
  return spawn("npm", args, { ...options, shell: process.platform === "win32" });
}

/** Runs npm to its end: its exit code (or the error that kept it from starting) and what it printed. */
function runNpm(args) {
  return new Promise((resolve) => {
    const npm = startNpm(args);
    let output = "";
    for (const stream of [npm.stdout, npm.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output = (output + text).slice(-20_000)));
    // Left behind, it would get in the way of the next one.
    const end = (signal) => {
      npm.kill(signal);
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
    const settle = (result) => {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(signal, end);
      resolve({ ...result, output });
    };
    npm.on("error", (error) => settle({ error }));
    npm.on("close", (code, signal) => settle({ code, signal }));
  });
}

async function requireNpm() {
  const { error, code, output } = await runNpm(["--version"]);
  if (error && error.code === "ENOENT")
    stop(
      "npm was not found, and it installs the dependencies",
      "install npm (Debian, Ubuntu: sudo apt-get install npm), then run the same command again",
    );
  if (code === 0 && version(output.trim().split("\n").pop()).major < 8)
    stop(
      `npm ${output.trim()} is too old: npm 8 or newer is needed`,
      "npm install --global npm@10, then run the same command again",
    );
}

function npmMend(output) {
  const again = "then run the same command again";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET/.test(output))
    return `the package registry cannot be reached: check the network and \`npm config get registry\`, ${again}`;
  if (/EACCES|EPERM|EROFS/.test(output))
    return `see whose ${root} and npm's cache folder are (ls -ld), make them yours, ${again}`;
  if (/ENOSPC/.test(output)) return `free some disk space (about 700 MB are needed), ${again}`;
  return `run \`npm ${npmArguments.join(" ")}\` in ${root} to see all of it`;
}

async function installDependencies(wanted) {
  await requireNpm();
  // Without its marker an install that is cut short is repeated.
  rmSync(marker, { force: true });
  const finish = showProgress("installing the dependencies");
  const { error, code, signal, output } = await runNpm(npmArguments);
  if (code === 0) {
    writeFileSync(`${marker}.new`, wanted);
    renameSync(`${marker}.new`, marker);
    return finish("done");
  }
  finish("failed");
  const how = error ? error.message : signal || `exit code ${code}`;
  // Where in npm it happened helps nobody.
  const told = output.split("\n").filter((line) => line.trim() !== "" && !/ at .*:\d+/.test(line));
  const lastLines = told.slice(-12).join("\n");
  if (lastLines) process.stderr.write(`${lastLines}\n`);
  return stop(`npm could not install the dependencies (${how})`, npmMend(output));
}

/** Folder and file of the Node 24 among the dependencies; nothing where there is no such package (macOS). */
function bundledNode() {
  const bin = join(nodeModules, ".bin");
  // npm's node in .bin is a shell script on Windows.
  const folder =
    process.platform === "win32" ? join(nodeModules, `node-win-${process.arch}`, "bin") : bin;
  const file = join(folder, process.platform === "win32" ? "node.exe" : "node");
  return existsSync(file) ? { file, path: [...new Set([folder, bin])] } : undefined;
}

/** The Node that runs Turnkey, and the folders that go first on PATH. */
function chooseNode() {
  const bundled = bundledNode();
  if (bundled) return bundled;
  const { major, minor } = version(process.versions.node);
  if (major > 22 || (major === 22 && minor >= 18))
    return { file: process.execPath, path: [join(nodeModules, ".bin"), dirname(process.execPath)] };
  return stop(
    `Node ${process.versions.node} is too old: Turnkey needs Node 22.18 or newer, and no Node package exists for ${process.platform} ${process.arch}`,
    "install Node 24 (https://nodejs.org, or `brew install node@24`), then run the same command again",
  );
}

/** Runs a script with everything of ours: terminal, signals, exit code. */
function runScript({ file, path }, script, args, added = {}) {
  const PATH = [...path, process.env.PATH].filter(Boolean).join(delimiter);
  const cli = spawn(
    file,
    // Node 22 warns that type stripping is experimental.
    ["--disable-warning=ExperimentalWarning", join(root, "scripts", script), ...args],
    {
      stdio: "inherit",
      env: {
        ...process.env,
        ...added,
        PATH,
        // Where there are no dependencies, nothing of theirs is made either.
        ...(existsSync(nodeModules) && {
          NODE_COMPILE_CACHE:
            process.env.NODE_COMPILE_CACHE || join(nodeModules, ".cache", "compile"),
        }),
      },
    },
  );
  // A terminal sends its signals to every process in the foreground: passed on as well, one Ctrl-C
  // would count as two, and two make the Pulumi CLI stop without tidying up.
  const fromTerminal = process.stdin.isTTY ? ["SIGINT", "SIGHUP", "SIGQUIT"] : [];
  for (const signal of ["SIGINT", "SIGHUP", "SIGQUIT", "SIGTERM"])
    process.on(signal, () => fromTerminal.includes(signal) || cli.kill(signal));
  cli.on("error", (error) =>
    stop(
      `${file} does not start: ${error.message}`,
      "delete node_modules and run the same command again (that Node needs glibc 2.28 or newer: on another system libc bring your own Node 24)",
    ),
  );
  cli.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (version(process.versions.node).major < 18)
  stop(
    `Node ${process.versions.node} is too old: Node 18 or newer is needed to start`,
    "install Node 24 (https://nodejs.org)",
  );
const wanted = wantedDependencies();
const installed = installedDependencies();
const [command, ...args] = process.argv.slice(2);
if (command === "doctor" && installed !== wanted) {
  // It looks at what is there and installs nothing, so it takes an entry that needs no dependencies.
  const TURNKEY_DEPENDENCIES = installed === undefined ? "missing" : "stale";
  runScript(chooseNode(), join("doctor", "withoutDependencies.ts"), args, { TURNKEY_DEPENDENCIES });
} else {
  if (installed !== wanted) await installDependencies(wanted);
  runScript(chooseNode(), "cli.ts", process.argv.slice(2));
}
