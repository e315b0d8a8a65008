"""Runs the services of a document: a hardened container and a systemd unit each."""

import glob
import hashlib
import hmac
import json
import os
import shlex
import shutil
import socket
import sys
import time

import agent
import proof
from agent import ROOT, RUN, Problem, log, run, write_if_changed

UNITS = ROOT + "/run/systemd/system"  # forgotten at boot: the agent starts services, not systemd
DRAIN_LOOK_SECONDS = 0.5

# The variable by which a service names the file in which it wants to be told how the node is.
STATUS_FILE = "NODE_STATUS_FILE"

# --- Files. ---


def owner_of(service):
    """uid and gid."""
    user, group = service["user"].split(":")
    return int(user), int(group)


def files_of(ready, service, folder):
    """A folder's files; the service that names a file for it is also told how the node is."""
    status = service["environment"].get(STATUS_FILE)
    for file in folder["files"]:
        yield file["path"], file["mode"], content_of(file, ready)
    if folder["live"] and status and os.path.dirname(status) == folder["path"]:
        yield status, "0444", ready.status


def content_of(file, ready):
    """What a file holds: text, a secret, or a part of the certificate."""
    if "text" in file:
        return file["text"]
    if "parameter" in file:
        return ready.secrets[file["parameter"]]
    chain, key = ready.certificate["chain"], ready.certificate["key"]
    if file["certificate"] == "chainAndKey":
        return chain + key
    # While one is ordered nothing may pass for it: without a chain the API is not ready.
    return "" if "acme" in ready.document and ready.certificate.get("standIn") else chain


def place_of(ready, service, index):
    """Where a folder of a service is on the node.

    Other content of a fixed one has another place, so that it makes another container. The hash is keyed, as
    whoever may ask the engine sees it.
    """
    folder = service["folders"][index]
    if folder["live"]:
        return f"{RUN}/files/{service['name']}/{index}-live"
    told = json.dumps([service["user"], *files_of(ready, service, folder)]).encode()
    mark = hmac.new(ready.mark_key, told, "sha256").hexdigest()[:16]
    return f"{RUN}/files/{service['name']}/{index}-{mark}"


def write_folders(ready, service, live_only=False):
    """Writes the folders of a service; files that are as they should be are left alone."""
    owner = owner_of(service)
    for index, folder in enumerate(service["folders"]):
        if live_only and not folder["live"]:
            continue
        place = place_of(ready, service, index)
        os.makedirs(place, 0o750, exist_ok=True)
        os.chown(place, *owner)
        for path, mode, content in files_of(ready, service, folder):
            write_if_changed(f"{place}/{os.path.basename(path)}", content, int(mode, 8), owner)


def remove_old_folders(ready):
    """Removes what no service of the document has any more."""
    used = {
        place_of(ready, service, index)
        for service in ready.document["services"]
        for index in range(len(service["folders"]))
    }
    for place in set(glob.glob(RUN + "/files/*/*")) - used:
        shutil.rmtree(place, ignore_errors=True)


# --- Containers: pure arguments, then what is done with them. ---


def container_name(document, service):
    return f"turnkey-{document['stack']}-{service['name']}"


def log_arguments(document, service, node):
    """Lines go to CloudWatch; the engine waits for nobody to take them, and keeps the last ones itself."""
    size, count = document["logs"]["maxMib"], document["logs"]["files"]
    if not node.get("logGroup"):
        return ["--log-opt", f"max-size={size}m", "--log-opt", f"max-file={count}"]
    options = {
        "awslogs-region": node["region"],
        "awslogs-group": node["logGroup"],
        "awslogs-stream": f"{service['name']}/{socket.gethostname()}",
        # Also lets a container start while CloudWatch cannot be reached.
        "mode": "non-blocking",
        "max-buffer-size": "4m",
        "cache-max-size": f"{size}m",
        "cache-max-file": count,
    }
    if "logs" in node.get("endpoints", {}):
        options["awslogs-endpoint"] = node["endpoints"]["logs"]
    given = [f"--log-opt={name}={value}" for name, value in options.items()]
    return ["--log-driver", "awslogs", *given]


def container_arguments(document, service, places, node):
    """Arguments of `docker create`: hardened as the document says, and as it cannot say otherwise."""
    limits, health = service["limits"], service["healthCheck"]
    user, group = owner_of(service)
    entry = [*service["entrypoint"], *service["command"]]
    options = {
        "name": container_name(document, service),
        "network": "host",
        "restart": "no",  # systemd does
        "pull": "never",
        "cap-drop": "ALL",
        "security-opt": "no-new-privileges",
        "user": service["user"],
        "memory": f"{limits['memoryMib']}m",
        "memory-swap": f"{limits['memoryMib']}m",
        "cpus": limits["cpus"],
        "pids-limit": 1024,
        "stop-signal": service["stopSignal"],
        "stop-timeout": limits["stopSeconds"],
        "health-cmd": shlex.join(health["command"]),
        "health-interval": f"{health['intervalSeconds']}s",
        "health-timeout": f"{health['timeoutSeconds']}s",
        "health-retries": health["retries"],
        "health-start-period": f"{health['startSeconds']}s",
        "entrypoint": entry[0],
    }
    several = {
        "cap-add": service["capabilities"],
        "tmpfs": [
            f"{path}:rw,noexec,nosuid,nodev,size=16m,mode=0700,uid={user},gid={group}"
            for path in service["scratch"]
        ],
        "mount": [
            f"type=bind,source={place},target={folder['path']},readonly"
            for folder, place in zip(service["folders"], places)
        ],
        "env": [f"{key}={value}" for key, value in sorted(service["environment"].items())],
    }
    return [
        "--read-only",
        *(f"--{name}={value}" for name, value in options.items()),
        *(f"--{name}={value}" for name, values in several.items() for value in values),
        *log_arguments(document, service, node),
        service["image"],
        *entry[1:],
    ]


def unit(document, service):
    """The systemd unit of a service, which outlives the engine's: restarting that is to stop no relay."""
    name, docker = container_name(document, service), shutil.which("docker") or "docker"
    stop_seconds = service["limits"]["stopSeconds"]
    return f"""[Unit]
Description=Turnkey {service["name"]}
After=docker.service network-online.target
StartLimitIntervalSec=0

[Service]
ExecStartPre={docker} start {name}
# Waits for the end of the container, also while the engine is away.
ExecStart=/bin/sh -c 'until {docker} wait {name}; do {docker} version && ! {docker} inspect {name} && exit 1; sleep 1; done'
ExecStop={docker} stop {name}
Restart=always
RestartSec=1
TimeoutStopSec={stop_seconds + 15}
StandardOutput=null
"""


def unit_name(service_name):
    return f"turnkey-{service_name}.service"


def label_of(name):
    """The label by which a container tells what it was made from; None without a container."""
    try:
        return run(
            "docker", "inspect", "--format", '{{index .Config.Labels "dev.turnkey.spec"}}', name
        ).strip()
    except Problem:
        return None


def start_service(ready, service, tell):
    """Runs a service as the document says; one that does already is not touched. Returns whether it was."""
    write_folders(ready, service)
    document = ready.document
    places = [place_of(ready, service, index) for index in range(len(service["folders"]))]
    arguments = container_arguments(document, service, places, ready.node)
    text, name = unit(document, service), container_name(document, service)
    spec = hashlib.sha256(json.dumps([arguments, text]).encode()).hexdigest()
    if write_if_changed(f"{UNITS}/{unit_name(service['name'])}", text, 0o644):
        run("systemctl", "daemon-reload")
    changed = label_of(name) != spec
    if changed:
        if service["name"] == "livekit" and label_of(name) is not None:
            drain(document, service["limits"]["stopSeconds"], tell)
        log("starting", service=service["name"])
        stop_service(service["name"], name, service["limits"]["stopSeconds"])
        run("docker", "create", f"--label=dev.turnkey.spec={spec}", *arguments)
    run("systemctl", "start", unit_name(service["name"]))
    return changed


def drain(document, seconds, tell):
    """Lets calls end by themselves while the API hands out no more: LiveKit itself counts no relays."""
    relay = next((row for row in document["ports"] if row["name"] == "relay"), None)
    end = time.monotonic() + seconds
    tell("draining")
    while relay and proof.live_allocations(relay) > 0 and time.monotonic() < end:
        time.sleep(DRAIN_LOOK_SECONDS)
    tell("applying")


def stop_service(service_name, container, stop_seconds):
    """Ends a service and removes its container, if there are such."""
    try:
        run("systemctl", "stop", unit_name(service_name), seconds=stop_seconds + 60)
    except Problem as problem:
        log("stopping failed", service=service_name, problem=str(problem))
    if label_of(container) is not None:
        run("docker", "rm", "--force", container)


def start_task(name, changed):
    """Runs a script of the document for ever, beside the services; anew when it or its task is another."""
    folder, agent_folder = os.path.dirname(__file__), os.path.dirname(agent.__file__)
    text = f"""[Unit]
Description=Turnkey {name}
After=docker.service network-online.target
StartLimitIntervalSec=0

[Service]
Environment=PYTHONPATH={folder}:{agent_folder} PYTHONDONTWRITEBYTECODE=1
ExecStart={sys.executable} {folder}/{name}.py
Restart=always
RestartSec=5
"""
    if write_if_changed(f"{UNITS}/{unit_name(name)}", text, 0o644):
        run("systemctl", "daemon-reload")
        changed = True
    run("systemctl", "restart" if changed else "start", unit_name(name))


def stop_others(document, tasks):
    """Ends services and tasks that the document has no more."""
    wanted = {unit_name(it["name"]) for it in document["services"]} | set(map(unit_name, tasks))
    for path in glob.glob(f"{UNITS}/turnkey-*.service"):
        name = os.path.basename(path)
        if name not in wanted:
            service_name = name[len("turnkey-") : -len(".service")]
            stop_service(service_name, f"turnkey-{document['stack']}-{service_name}", 60)
            os.remove(path)
            run("systemctl", "daemon-reload")
