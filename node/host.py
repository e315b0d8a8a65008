"""Makes the host what a document wants: programs, firewall, kernel settings, the engine's."""

import json
import re
import shutil

from agent import ROOT, Problem, log, read, run, write_if_changed

DAEMON_FILE = ROOT + "/etc/docker/daemon.json"
UNIT_FILE = ROOT + "/etc/systemd/system/{}.d/60-turnkey.conf"
SYSCTL_FILE = ROOT + "/etc/sysctl.d/60-turnkey.conf"

# All that differs between the systems: Amazon Linux 2023 is for production, Debian for tests.
SYSTEMS = {
    "amzn": {
        "install": ["dnf", "install", "-y"],
        "docker": "docker",
        "authorities": "/etc/pki/tls/certs/ca-bundle.crt",
    },
    "debian": {
        "install": ["apt-get", "install", "-y"],
        "docker": "docker.io",
        "authorities": "/etc/ssl/certs/ca-certificates.crt",
    },
}

# Rows of the port table that a service may reach on the node itself: what it forwards to or asks, and its own,
# where its health check asks. What nobody has here is root's, such as metrics.
ASKS = {
    "livekit": ("signalling",),
    "api": ("api", "signalling"),
    "edge": ("edge-metrics", "signalling", "turn-tcp", "api", "acme"),
}
# As whom the ACME client runs: the edge comes to it, and it asks the internet alone.
ACME_USER = 65530


def ports_of(document, *protocols, exposure=None, names=None):
    """`from-to` of rows, one for each that lies in no other."""
    return [
        f"{row['from']}-{row['to']}" if row["to"] > row["from"] else str(row["from"])
        for row in document["ports"]
        if row["protocol"] in protocols
        and exposure in (None, row["exposure"])
        and (names is None or row["name"] in names)
        and "within" not in row
    ]


def users_of(document):
    """The uid of each service that does not run as root, by its name."""
    users = {it["name"]: it["user"].split(":")[0] for it in document["services"]}
    return {name: user for name, user in users.items() if user != "0"}


def firewall(document):
    """nftables rules: containers get neither the instance's role nor a way around the edge."""
    users = users_of(document)
    media = ports_of(document, "udp", exposure="public")
    internal = ports_of(document, "tcp", exposure="node")
    asked = {user: ports_of(document, "tcp", names=ASKS.get(name, ())) for name, user in users.items()}

    def ports(of):
        return "{ " + ", ".join(of) + " }"

    untracked = f"udp %s {ports(media)} notrack" if media else ""
    closed = f"tcp dport {ports(internal)} drop" if internal else ""
    own = "\n    ".join(
        f"meta skuid {user} tcp dport {ports(rows)} accept" for user, rows in asked.items() if rows
    )
    relays = f"udp sport {ports(media)} reject" if media else ""
    # Of whatever is not established; the edge answers at 443/tcp, so of LiveKit's user alone.
    livekit = users.get("livekit")
    connects = f"meta skuid {livekit} tcp sport {ports(media)} reject" if media and livekit else ""
    kept = f"meta skuid != {ports(sorted({*users.values(), str(ACME_USER)}))} accept"
    # LiveKit and the edge are told addresses.
    resolves = ports([str(ACME_USER), *(user for name, user in users.items() if name == "api")])
    return f"""table inet turnkey
delete table inet turnkey
table inet turnkey {{
  # Each packet of media would be looked up in a table that a flood fills.
  chain untracked_in {{
    type filter hook prerouting priority raw; policy accept;
    {untracked.replace("%s", "dport")}
  }}
  chain untracked_out {{
    type filter hook output priority raw; policy accept;
    {untracked.replace("%s", "sport")}
  }}
  # The security group closes these as well.
  chain input {{
    type filter hook input priority filter; policy accept;
    iif lo accept
    {closed}
  }}
  chain forward {{
    type filter hook forward priority filter; policy accept;
    ip daddr 169.254.169.254 drop
  }}
  chain output {{
    type filter hook output priority filter; policy accept;
    # The instance's role is for root alone.
    meta skuid != 0 ip daddr 169.254.169.254 reject
    meta skuid != 0 ip6 daddr fd00:ec2::254 reject
    {kept}
    fib daddr type != local accept
    # A relay never has business with the node itself.
    {relays}
    ct state established,related accept
    {connects}
    {own}
    meta skuid {resolves} meta l4proto {{ tcp, udp }} th dport 53 accept
    meta l4proto {{ tcp, udp }} reject
  }}
}}
"""


def kernel_settings(document):
    """sysctl.conf of the node, each with its reason."""
    reserved = ",".join(ports_of(document, "tcp", "udp"))
    ours = {
        "net.core.rmem_max": ("16777216", "LiveKit asks for a UDP buffer of that size"),
        "net.core.rmem_default": ("4194304", "LiveKit's relay asks for none: all clients over UDP share a socket"),
        "net.core.wmem_max": ("16777216", "the same for what it sends"),
        "net.core.netdev_max_backlog": ("5000", "bursts of small packets wait here"),
        "net.ipv4.ip_local_reserved_ports": (reserved, "no outgoing socket takes a relay's port"),
        "net.netfilter.nf_conntrack_max": ("262144", "a flow of TCP each, behind the edge twice"),
    }
    document_says = {name: (value, "the document") for name, value in document["sysctls"].items()}
    both = {**ours, **document_says}
    # A hyphen: one that this kernel has not got is no reason to stop.
    return "".join(f"# {why}\n-{name} = {value}\n" for name, (value, why) in both.items())


def daemon_settings(logs):
    """/etc/docker/daemon.json."""
    return {
        # Containers outlive a restart of the engine, and relays with them.
        "live-restore": True,
        "userland-proxy": False,
        # Every container is on the node's own network; without rules of the engine none are tracked for it.
        "bridge": "none",
        "iptables": False,
        "log-driver": "json-file",
        "log-opts": {"max-size": f"{logs['maxMib']}m", "max-file": str(logs["files"])},
    }


# What is added to units that the system has.
UNITS = {
    # Its own unit gives up after three starts in a minute, and then no service comes back.
    "docker.service": """[Unit]
StartLimitIntervalSec=0

[Service]
Restart=always
RestartSec=1
""",
    # Containers have it from here. On a busy processor the edge would else be woken for each packet that LiveKit hands
    # it, in LiveKit's place, and taking turns costs both a quarter of what they carry (docs/performance.md).
    "containerd.service": """[Service]
CPUSchedulingPolicy=batch
""",
}


def system():
    """What is this system's own: a row of SYSTEMS."""
    told = (read(ROOT + "/etc/os-release") or b"").decode()
    name = re.search(r'^ID="?([a-z]+)"?$', told, re.MULTILINE)
    row = SYSTEMS.get(name.group(1) if name else "")
    if row is None:
        raise Problem(
            f"the node runs {name.group(1) if name else 'an unknown system'}, wanted one of {', '.join(SYSTEMS)}"
        )
    return row


def install_missing():
    """Installs the programs that the system came without."""
    ours = system()
    packages = {"docker": ours["docker"], "nft": "nftables", "openssl": "openssl"}
    missing = [package for program, package in packages.items() if not shutil.which(program)]
    if missing:
        log("installing", packages=missing)
        run(*ours["install"], *missing, seconds=600)


def protect(document):
    """Puts the document's firewall in place of another, at once."""
    run("nft", "-f", "-", feed=firewall(document))


def prepare(document):
    """Makes the host as the document wants it; what is so already is left alone."""
    install_missing()
    if write_if_changed(SYSCTL_FILE, kernel_settings(document), 0o644):
        run("sysctl", "--ignore", "--load", SYSCTL_FILE)
    changed = [unit for unit, added in UNITS.items() if write_if_changed(UNIT_FILE.format(unit), added, 0o644)]
    if changed:
        run("systemctl", "daemon-reload")
    if "containerd.service" in changed:
        # Those that run go on, as they were.
        run("systemctl", "try-restart", "containerd.service")
    daemon = json.dumps(daemon_settings(document["logs"]), indent=2) + "\n"
    if write_if_changed(DAEMON_FILE, daemon, 0o644):
        run("systemctl", "restart", "docker.service")
    run("systemctl", "start", "docker.service")
