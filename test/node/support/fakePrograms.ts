/** Programs that a node has, for a PATH: they write down how they are called, and change nothing. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Remembers containers by their names; one is healthy unless its environment has SICK=1. What is run is lego, which has no certificate renewed. */
const DOCKER = `
case "$1" in
  image) grep -qxF -- "$3" "$state/images" ;;
  pull) echo "$3" >> "$state/images" ;;
  login) cat > "$state/password" ;;
  create)
    for it in "$@"; do
      case "$it" in
        --name=*) name="\${it#--name=}" ;;
        --label=dev.turnkey.spec=*) spec="\${it#--label=dev.turnkey.spec=}" ;;
      esac
    done
    ! grep -qsxF -- "$name" "$state/unmakeable" || { echo 'no space left on device' >&2; exit 1; }
    echo "$spec" > "$state/containers/$name"
    printf '%s\\n' "$@" > "$state/arguments/$name" ;;
  run)
    for it in "$@"; do
      case "$it" in
        --mount=*) folder="\${it#*source=}"; folder="\${folder%%,*}" ;;
        --cert.name=*) name="\${it#--cert.name=}" ;;
      esac
    done
    test ! -f "$state/refusal" || { cat "$state/refusal" >&2; exit 1; }
    mkdir -p "$folder/accounts/authority" "$folder/certificates"
    echo "an account" > "$folder/accounts/authority/account.json"
    test -f "$folder/certificates/$name.crt" || echo "chain of $name" > "$folder/certificates/$name.crt"
    echo "key of $name" > "$folder/certificates/$name.key" ;;
  rename)
    mv "$state/containers/$2" "$state/containers/$3"
    mv "$state/arguments/$2" "$state/arguments/$3" ;;
  rm) rm -f "$state/containers/$3" ;;
  inspect)
    test ! -f "$state/engine-is-away" || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }
    test -f "$state/containers/$4" || { echo "Error: No such object: $4" >&2; exit 1; }
    case "$3" in
      *Labels*) cat "$state/containers/$4" ;;
      *) if grep -qxF -- --env=SICK=1 "$state/arguments/$4"; then echo unhealthy; else echo healthy; fi ;;
    esac ;;
esac`;

/** Starts and stops containers of the real engine, as their units do. */
const SYSTEMD = `
unit="run/systemd/system/$2"
case "$1 $2" in
  *docker.service) ;;
  start*) sh -c "$(sed -n 's/^ExecStartPre=//p' "$root/$unit")" ;;
  stop*)
    export $(sed -n 's/^Environment=//p' "$root/$unit")
    sh -c "$(sed -n 's/^ExecStop=-\\{0,1\\}//p' "$root/$unit")" ;;
esac`;

/** Stopping takes as long as a test says. */
const SLOW_STOP = `
case "$1" in
  stop) while test -f "$state/slow"; do sleep 0.02; done ;;
esac`;

const PROGRAMS = {
  docker: DOCKER,
  systemctl: SLOW_STOP,
  sysctl: "",
  nft: `cat > "$state/rules"`,
  // Everything up to the cursor "end" is there; nothing comes after.
  journalctl: `case "$*" in *--after-cursor=end*) ;; *) cat "$state/journal" ;; esac`,
} as const;

export interface FakePrograms {
  /** For the front of PATH. */
  readonly folder: string;
  /** Every call of one of them, as words with blanks between. */
  calls(program?: keyof typeof PROGRAMS): string[];
  /** Arguments that the container of that name was made with; undefined before. */
  argumentsOf(container: string): string[] | undefined;
  /** The rules that nft was given last. */
  rules(): string;
  /** What the journal holds, as journalctl prints it. */
  journal(lines: readonly object[]): void;
  /** Lets every order of a certificate fail in these words. */
  refuseOrders(words: string): void;
  /** From then on no container of that name can be made, and others can. */
  refuseToMake(container: string): void;
  /** From then on the engine tells nothing of containers. */
  loseEngine(): void;
  /** Lets units take until it is told otherwise to stop. */
  stopSlowly(isSlow: boolean): void;
  /** The password of the last sign-in to a registry. */
  password(): string;
}

/** Puts them into a folder. `images` are in the Docker Engine already; with the real engine its program is the real one. */
export function fakePrograms(
  root: string,
  images: readonly string[],
  engine: "fake" | "real",
): FakePrograms {
  const folder = join(root, "bin");
  const state = join(root, "state");
  for (const it of [folder, join(state, "containers"), join(state, "arguments")])
    mkdirSync(it, { recursive: true });
  writeFileSync(join(state, "calls"), "");
  writeFileSync(join(state, "images"), images.map((it) => `${it}\n`).join(""));
  const { docker, ...others } = PROGRAMS;
  const programs = engine === "fake" ? { docker, ...others } : { ...others, systemctl: SYSTEMD };
  for (const [name, body] of Object.entries(programs)) {
    const text = `#!/bin/sh\nroot='${root}'\nstate='${state}'\necho "${name} $*" >> "$state/calls"\n${body}\n`;
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
  const read = (name: string) => readFileSync(join(state, name), "utf8");
  return {
    folder,
    calls: (program) =>
      read("calls")
        .split("\n")
        .filter((it) => it && (program === undefined || it.startsWith(`${program} `))),
    argumentsOf: (container) =>
      existsSync(join(state, "arguments", container))
        ? read(`arguments/${container}`).trimEnd().split("\n")
        : undefined,
    rules: () => read("rules"),
    journal: (lines) =>
      writeFileSync(join(state, "journal"), lines.map((it) => `${JSON.stringify(it)}\n`).join("")),
    refuseOrders: (words) => writeFileSync(join(state, "refusal"), words),
    stopSlowly: (isSlow) => {
      if (isSlow) writeFileSync(join(state, "slow"), "");
      else rmSync(join(state, "slow"));
    },
    refuseToMake: (container) => writeFileSync(join(state, "unmakeable"), container),
    loseEngine: () => writeFileSync(join(state, "engine-is-away"), ""),
    password: () => read("password"),
  };
}
