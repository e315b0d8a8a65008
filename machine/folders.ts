/** Where Turnkey keeps what is not part of the repository. */
import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

const home = (env: Environment) => env["HOME"] ?? env["USERPROFILE"] ?? homedir();

/** Builds, logs and remembered answers: may be deleted at any time. `$XDG_CACHE_HOME/turnkey` or `~/.cache/turnkey`. */
export const cacheFolder = (env: Environment = process.env) =>
  join(env["XDG_CACHE_HOME"] || join(home(env), ".cache"), "turnkey");

/** The local CA, the file backend and its passphrase. `$XDG_DATA_HOME/turnkey` or `~/.local/share/turnkey`. */
export const dataFolder = (env: Environment = process.env) =>
  join(env["XDG_DATA_HOME"] || join(home(env), ".local", "share"), "turnkey");

/** Pulumi's own folder: the CLI and its plugins. `$PULUMI_HOME` or `~/.pulumi`. */
export const pulumiHome = (env: Environment = process.env) =>
  env["PULUMI_HOME"] || join(home(env), ".pulumi");

/** What an update builds, inside the repository and relative to it, as the state names it; git ignores it. */
export const BUILD_FOLDER = ".turnkey";
