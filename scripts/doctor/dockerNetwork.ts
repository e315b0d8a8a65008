/** Whether engine and kernel do their part for containers in a network of their own. */
import { look } from "../../machine/look.ts";
import { warning, type Finding } from "./finding.ts";

/** Without its rules published ports lack what a container network needs. */
export function dockerFindings(
  daemonJson: string | undefined,
  processes: readonly string[],
): Finding[] {
  const given = processes.some((it) => /dockerd\b.*--iptables=false/.test(it));
  let configured = false;
  try {
    const json = look(JSON.parse(daemonJson ?? "{}"));
    configured = json.has("iptables") && !json.flag("iptables");
  } catch {
    return [
      warning(
        "/etc/docker/daemon.json is no JSON: the engine will not start again",
        "mend it, then restart the engine",
      ),
    ];
  }
  return given || configured
    ? [
        warning(
          `the engine makes no iptables rules (${given ? "--iptables=false" : "iptables in /etc/docker/daemon.json"}): containers in a network of their own reach nothing outside`,
          "take that out and restart the engine, or write the rules yourself",
        ),
      ]
    : [];
}

/** The kernel's switch that lets packets pass on between networks. */
export const forwardingFindings = (ipForward: string | undefined): Finding[] =>
  ipForward?.trim() === "0"
    ? [
        warning(
          "the kernel forwards no packets (net.ipv4.ip_forward is 0): containers in a network of their own reach nothing outside",
          "sudo sysctl -w net.ipv4.ip_forward=1",
        ),
      ]
    : [];
