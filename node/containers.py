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

import agent
import drain
from agent import ROOT, RUN, Problem, log, run, write_if_changed

UNITS = ROOT + "/run/systemd/system"  # forgotten at boot: the agent starts services, not systemd

LIVEKIT = "livekit"

# What LiveKit gets to end in after draining.
KILL_SECONDS = 10

# What has to outlive services: a shutdown ends units in the opposite order.
HOST_UNITS = ("containerd.service", "docker.service", "network.target", "network-online.target")

# The variable by which a service names the file in which it wants to be told how the node is.
STATUS_FILE = "NODE_STATUS_FILE"

# --- Files. ---


def owner_of(service):
    """uid and gid."""
    user, group = service["user"].split(":")
    return int(user), int(group)


def files_of(ready, service, folder):
    """A folder's files; the service that names a file for it is also told how the node is."""
    for file in folder["files"]:
        yield file["path"], file["mode"], content_of(file, ready)
    if holds_status(service, folder):
        yield service["environment"][STATUS_FILE], "0444", drain.status(ready.status)


def holds_status(service, folder):
    """Whether it is the folder in which the service wants to be told how the node is."""
    status = service["environment"].get(STATUS_FILE)
    return bool(folder["live"] and status and os.path.dirname(status) == folder["path"])


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


def live_place(service, index):
    """Of another user it is another one, as files that have not changed stay those of the user before."""
    return f"{RUN}/files/{service['name']}/{index}-live-{owner_of(service)[0]}"


def place_of(ready, service, index):
    """Where a folder of a service is on the node.

    Other content of a fixed one has another place, so that it makes another container. The hash is keyed, as
    whoever may ask the engine sees it.
    """
    folder = service["folders"][index]
    if folder["live"]:
        return live_place(service, index)
    told = json.dumps([service["user"], *files_of(ready, service, folder)]).encode()
    mark = hmac.new(ready.mark_key, told, "sha256").hexdigest()[:16]
    return f"{RUN}/files/{service['name']}/{index}-{mark}"


def write_folders(ready, service, live):
    """Writes what changes while a service runs, or what does not; files that are as they should be are left alone."""
    owner = owner_of(service)
    for index, folder in enumerate(service["folders"]):
        place = place_of(ready, service, index)
        # All of them: a container is made of folders that are there.
        os.makedirs(place, 0o750, exist_ok=True)
        os.chown(place, *owner)
        if folder["live"] != live:
            continue
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
    livekit = service["name"] == LIVEKIT
    held = [f"{drain.LABEL}={drain.label_value(document['ports'], service)}"] if livekit else []
    options = {
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
        "health-cmd": shlex.join(health["command"]),
        "health-interval": f"{health['intervalSeconds']}s",
        "health-timeout": f"{health['timeoutSeconds']}s",
        "health-retries": health["retries"],
        "health-start-period": f"{health['startSeconds']}s",
        "entrypoint": entry[0],
    }
    several = {
        "label": held,
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


def ending(document, service):
    """How the unit of a service ends its container, and the seconds until systemd does."""
    seconds, name = service["limits"]["stopSeconds"], container_name(document, service)
    if service["name"] != LIVEKIT:
        return [f"ExecStop={docker()} stop -t {seconds} {name}"], seconds + 15
    told = (it["environment"].get(STATUS_FILE) for it in document["services"])
    files = sorted({os.path.basename(it) for it in told if it})
    words = [*script("drain"), name, str(seconds), *files]
    # Whatever becomes of draining, the container ends.
    lines = [
        scripts_environment(),
        # A container that was started takes calls again.
        f"ExecStartPost=/bin/rm -f {drain.MARK}",
        f"ExecStop=-{shlex.join(words)}",
        f"ExecStop={docker()} stop -t {KILL_SECONDS} {name}",
    ]
    return lines, seconds + 60


def unit(document, service):
    """The systemd unit of a service, which outlives the engine's: restarting that is to stop no relay.

    Units end in the opposite order, so at a shutdown engine and network outlive the services, and the others LiveKit.
    """
    name = container_name(document, service)
    wait = f"until {docker()} wait {name}; do {docker()} version && ! {docker()} inspect {name} && exit 1; sleep 1; done"
    others = [it["name"] for it in document["services"] if it["name"] != LIVEKIT]
    after = map(unit_name, others if service["name"] == LIVEKIT else [])
    lines, seconds = ending(document, service)
    return "\n".join(
        [
            "[Unit]",
            f"Description=Turnkey {service['name']}",
            f"After={' '.join([*HOST_UNITS, *after])}",
            "StartLimitIntervalSec=0",
            "",
            "[Service]",
            "# What could not be torn down, as on a full disk, is left of a network and keeps its name taken.",
            f"ExecStartPre=/bin/sh -c '{docker()} start {name} || {{ {docker()} network disconnect --force host {name} && {docker()} start {name}; }}'",
            "# Waits for the end of the container, also while the engine is away.",
            f"ExecStart=/bin/sh -c 'exec >/dev/null; {wait}'",
            *lines,
            "Restart=always",
            "RestartSec=1",
            f"TimeoutStopSec={seconds}",
            "",
        ]
    )


def docker():
    return shutil.which("docker") or "docker"


def script(name):
    """The command that runs a script of the document."""
    return [sys.executable, f"{os.path.dirname(__file__)}/{name}.py"]


def scripts_environment():
    """With what a unit's scripts find each other, and the agent."""
    places = f"{os.path.dirname(__file__)}:{os.path.dirname(agent.__file__)}"
    return f"Environment=PYTHONPATH={places} PYTHONDONTWRITEBYTECODE=1"


def unit_name(service_name):
    return f"turnkey-{service_name}.service"


def label_of(name):
    """The label by which a container tells what it was made from; None without a container.

    A Problem while the engine cannot be asked, as nothing is to be ended then.
    """
    try:
        return run(
            "docker", "inspect", "--format", '{{index .Config.Labels "dev.turnkey.spec"}}', name
        ).strip()
    except Problem as problem:
        if "no such object" in str(problem).lower():
            return None
        raise


def next_name(name):
    """What a container is called until it takes the place of the one with that name."""
    return f"{name}-next"


def make(ready, service):
    """Makes the container of a service beside the one that runs; nothing where that is as the document says.

    Returns whether it did. What cannot be made, as on a full disk, ends nothing.
    """
    write_folders(ready, service, live=False)
    document, name = ready.document, container_name(ready.document, service)
    places = [place_of(ready, service, index) for index in range(len(service["folders"]))]
    arguments = container_arguments(document, service, places, ready.node)
    # Without the unit: what it does about a container, such as for how long it lets one end, makes no other container.
    spec = hashlib.sha256(json.dumps(arguments).encode()).hexdigest()
    remove_container(next_name(name))
    if label_of(name) == spec:
        return False
    run("docker", "create", f"--name={next_name(name)}", f"--label=dev.turnkey.spec={spec}", *arguments)
    return True


def start_service(ready, service, tell):
    """Runs a service as the document says, in the container that was made for it if one was."""
    is_made = service["name"] in ready.made
    document, unit_file = ready.document, f"{UNITS}/{unit_name(service['name'])}"
    name = container_name(document, service)
    if write_if_changed(unit_file, unit(document, service), 0o644):
        run("systemctl", "daemon-reload")
    drains = is_made and service["name"] == LIVEKIT and label_of(name) is not None
    if drains:
        tell("draining")
    if is_made:
        log("starting", service=service["name"])
        stop_service(service["name"], name)
        run("docker", "rename", next_name(name), name)
    run("systemctl", "start", unit_name(service["name"]))
    if drains:
        tell("applying")


def stop_service(service_name, container):
    """Ends a service and removes its container, if there are such. How long that may take is in the unit."""
    try:
        run("systemctl", "stop", unit_name(service_name), seconds=None)
    except Problem as problem:
        log("stopping failed", service=service_name, problem=str(problem))
    remove_container(container)


def remove_container(name):
    """Removes it, if there is one."""
    if label_of(name) is not None:
        run("docker", "rm", "--force", name)


def start_task(name, changed):
    """Runs a script of the document for ever, beside the services; anew when it or its task is another."""
    text = f"""[Unit]
Description=Turnkey {name}
After=docker.service network-online.target
StartLimitIntervalSec=0

[Service]
{scripts_environment()}
ExecStart={shlex.join(script(name))}
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
            stop_service(service_name, f"turnkey-{document['stack']}-{service_name}")
            os.remove(path)
            run("systemctl", "daemon-reload")
