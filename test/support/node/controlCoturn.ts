/** Debian's coturn on the node: 4.6.1, whose list of denied peers is known to be passed by (CVE-2026-27624). */
import { spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { debianTool } from "../../../scripts/setup/debianTool.ts";
import { asRoot } from "./asRoot.ts";
import {
  type Control,
  CONTROL_PORTS,
  CONTROL_RELAYS,
  controlListens,
  controlUrls,
  type ControlPlace,
} from "./control.ts";
import { orUndo, startKeeper } from "./keeper.ts";
import { NODE } from "./places.ts";
import { soon } from "./soon.ts";

const LIMIT_MS = 30_000;

/** What a test chooses of it. */
export interface CoturnRules {
  /** Ranges, from first to last address, as its configuration has them. */
  readonly denied: readonly string[];
  /** The address that relays of IPv6 send from. */
  readonly from: string;
}

/** Starts it in the node's network, as root, whom the node's firewall lets pass. */
export async function startCoturn(
  rules: CoturnRules,
  { namespace, papers }: ControlPlace,
): Promise<Control> {
  const keeper = startKeeper();
  const folder = mkdtempSync(join(tmpdir(), "turnkey-coturn-"));
  const at = (name: string) => join(folder, name);
  keeper.note("rm", "-rf", folder);
  // It ends before its folder goes.
  keeper.note(...asRoot("sh", "-c", `kill -KILL "$(cat ${at("process")})" || true`));
  const { username, credential } = papers.user;
  const secret = { mode: 0o600 };
  writeFileSync(at("control.pem"), papers.pem);
  writeFileSync(at("control.key"), papers.keyPem, secret);
  const lines = [
    `listening-port=${CONTROL_PORTS.udp}`,
    `tls-listening-port=${CONTROL_PORTS.tls}`,
    `listening-ip=${NODE.private}`,
    `relay-ip=${NODE.private}`,
    `relay-ip=${rules.from}`,
    `min-port=${CONTROL_RELAYS.from}`,
    `max-port=${CONTROL_RELAYS.to}`,
    "lt-cred-mech",
    "realm=control",
    `user=${username}:${credential}`,
    `cert=${at("control.pem")}`,
    `pkey=${at("control.key")}`,
    `userdb=${at("users")}`,
    `pidfile=${at("pid")}`,
    "no-cli",
    "no-dtls",
    "log-file=stdout",
    // Its own refusal of those is not what is tried.
    "allow-loopback-peers",
    ...rules.denied.map((it) => `denied-peer-ip=${it}`),
  ];
  writeFileSync(at("turnserver.conf"), lines.join("\n"), secret);
  const log = openSync(at("log"), "a");
  const note = `echo $$ >${at("process")}; exec "$@"`;
  const program = debianTool("coturn").command("turnserver");
  const enter = asRoot("ip", "netns", "exec", namespace, "sh", "-c", note, "sh", ...program);
  const [file = "ip", ...args] = enter;
  const child = spawn(file, [...args, "-c", at("turnserver.conf")], {
    stdio: ["ignore", log, log],
  });
  child.unref();
  const listening = {
    withinMs: LIMIT_MS,
    otherwise: () => `coturn does not listen: ${readFileSync(at("log"), "utf8")}`,
  };
  await orUndo(keeper, () => soon(() => controlListens(namespace), listening));
  const urls = controlUrls(NODE.public);
  return {
    urls: { IPv4: urls, IPv6: urls },
    ca: papers.pem,
    credential: papers.user,
    stop: () => keeper.undo(),
  };
}
