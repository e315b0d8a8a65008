"""Applies a node document: what the agent calls of the scripts that come with it.

The agent calls `check`, `prepare`, `refresh` and `switch` (node/agent.py).
"""

import base64
import ipaddress
import json
import os
import re
import secrets
import socket
import ssl
import time

import certificate
import containers
import drain
import host
import reserve
from agent import RUN, BadDocument, Problem, http, log, read, run, write, write_if_changed

READY_SECONDS = float(os.environ.get("TURNKEY_READY_SECONDS", "180"))
PULL_SECONDS = 900

# What stands in the document for what only the node knows (plan/nodeDocument.ts).
PUBLIC_ADDRESS = "address.invalid"
PRIVATE_ADDRESS = "own-node.invalid"
BUILT_API_IMAGE = "built-with-the-stack"

# --- The document: pure. ---

SERVICE_FIELDS = {
    "name": str,
    "image": str,
    "entrypoint": list,
    "command": list,
    "environment": dict,
    "folders": list,
    "scratch": list,
    "user": str,
    "stopSignal": str,
    "capabilities": list,
    "healthCheck": dict,
    "limits": dict,
}
CONTENTS = ("text", "parameter", "certificate")


def check(document, late):
    """Refuses what cannot be applied: a BadDocument that names it."""

    def want(holds, what):
        if not holds:
            raise BadDocument(f"the node document is refused: {what}")

    def inside(path, folder="/"):
        return isinstance(path, str) and path.startswith(folder) and ".." not in path.split("/")

    for field, kind in {"stack": str, "services": list, "logs": dict, "ports": list}.items():
        want(isinstance(document.get(field), kind), f"it has no {field}")
    want(isinstance(document.get("sysctls"), dict), "it has no sysctls")
    for name in document["sysctls"]:
        want(re.fullmatch(r"net\.[a-z0-9_.]+", name), f"sysctl {name} is not of the network")
    for row in document["ports"]:
        known = row.get("protocol") in ("tcp", "udp") and row.get("exposure") in ("public", "node")
        ports = isinstance(row.get("from"), int) and isinstance(row.get("to"), int)
        want(
            known and ports and 0 < row["from"] <= row["to"] < 65536, f"port row {row.get('name')}"
        )
    want(document["services"], "it has no service")
    names = [service.get("name") for service in document["services"]]
    want(len(set(names)) == len(names), "two services have one name")
    for service in document["services"]:
        name = service.get("name")
        want(re.fullmatch(r"[a-z][a-z0-9]*", name or ""), f"a service is called {name}")
        want(name not in ("agent", "proof", "certificate", "ship"), f"a service is called {name}")
        for field, kind in SERVICE_FIELDS.items():
            want(isinstance(service.get(field), kind), f"{name} has no {field}")
        for field, value in {"network": "host", "readOnly": True, "noNewPrivileges": True}.items():
            want(service.get(field) == value, f"{name} wants {field} {service.get(field)}")
        want(service["entrypoint"], f"{name} has no entrypoint")
        status = service["environment"].get(containers.STATUS_FILE)
        live = [folder.get("path") for folder in service["folders"] if folder.get("live")]
        want(status is None or os.path.dirname(status) in live, f"{status} is in no live folder")
        want(re.fullmatch(r"\d+:\d+", service["user"]), f"{name} runs as {service['user']}")
        want(all(map(inside, service["scratch"])), f"{name} has scratch outside the root")
        for folder in service["folders"]:
            want(inside(folder.get("path")), f"{name} has a folder without a path")
            for file in folder.get("files", []):
                path = file.get("path")
                want(inside(path, folder["path"] + "/"), f"{path} is outside {folder['path']}")
                want(os.path.dirname(path) == folder["path"], f"{path} lies deeper")
                want(re.fullmatch(r"0[0-7]{3}", file.get("mode", "")), f"{path} has no mode")
                want(sum(it in file for it in CONTENTS) == 1, f"{path} holds nothing known")
    acme = document.get("acme")
    if acme is not None:
        want(str(acme.get("directory")).startswith("https://"), "acme has no directory")
        want(acme.get("image") and acme.get("names"), "acme has no image, or no names")
        want(any(row["name"] == "acme" for row in document["ports"]), "acme has no port")
    for service in document["services"]:
        if service["name"] == containers.LIVEKIT:
            rows = {row.get("name") for row in document["ports"]}
            want({"relay", "signalling"} <= rows, "livekit has no relays, or no signalling")
            keys = [it for it in files_of({"services": [service]}) if it.get("parameter") == drain.KEYS]
            want(keys, f"livekit has no file of {drain.KEYS}, which draining asks it with")
    resolve(document, late, "127.0.0.1")
    secret_versions(document, late)


def resolve(document, late, own_address):
    """The document with what is known on the node in place of what stands for it."""
    try:
        address = str(ipaddress.IPv4Address(late.get("node-address", "")))
    except ValueError:
        raise BadDocument("the node document is refused: no node-address beside it") from None
    places = {name: document[name] for name in ("services", "acme") if name in document}
    text = json.dumps(places).replace(PUBLIC_ADDRESS, address)
    resolved = json.loads(text.replace(PRIVATE_ADDRESS, own_address))
    for service in resolved["services"]:
        if service["image"] == BUILT_API_IMAGE:
            if not late.get("api-image"):
                raise BadDocument("the node document is refused: no api-image beside it")
            service["image"] = late["api-image"]
    return {**document, **resolved}


def files_of(document):
    """Every file of every service."""
    for service in document["services"]:
        for folder in service["folders"]:
            yield from folder["files"]


def secret_versions(document, late):
    """`name: version` of each secret that the document's files hold."""
    told = dict(it.split("=", 1) for it in late.get("secrets", "").split(",") if "=" in it)
    wanted = sorted({it["parameter"] for it in files_of(document) if "parameter" in it})
    missing = [name for name in wanted if name not in told]
    if missing:
        raise BadDocument(f"the node document is refused: no version of {', '.join(missing)}")
    return {name: told[name] for name in wanted}


# --- What is waited for, and fetched. ---


def unhealthy(document):
    """Names of services that are not healthy at this moment."""

    def health(service):
        try:
            name = containers.container_name(document, service)
            return run("docker", "inspect", "--format", "{{.State.Health.Status}}", name).strip()
        except Problem:
            return "missing"

    return [it["name"] for it in document["services"] if health(it) != "healthy"]


def readiness_problem(document):
    """What the node's own /readyz lacks, asked through the edge; None when it is ready."""
    port = next((row["from"] for row in document["ports"] if row["name"] == "https"), None)
    if port is None:
        return None
    anyone = ssl.create_default_context()
    anyone.check_hostname = False
    anyone.verify_mode = ssl.CERT_NONE
    url = f"https://127.0.0.1:{port}/readyz?without=address"
    try:
        status, _, body = http("GET", url, None, None, 5, anyone)
    except Problem as problem:
        return str(problem)
    if status == 200:
        return None
    try:
        checks = json.loads(body)["checks"].values()
        return "; ".join(it["detail"] for it in checks if not it["ok"]) or f"answers {status}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"answers {status}"


def wait_ready(document):
    """Returns once every service is healthy and the node ready; a Problem when that takes too long."""
    end = time.monotonic() + READY_SECONDS
    while True:
        waits_for = unhealthy(document)
        why = f"not healthy: {', '.join(waits_for)}" if waits_for else readiness_problem(document)
        if why is None:
            return
        if time.monotonic() > end:
            raise Problem(f"not ready within {READY_SECONDS:g} s: {why}")
        time.sleep(1)


def own_address():
    """The node's address in its network: the one that packets to the internet leave from. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError as error:
            raise Problem(f"the node has no way to the internet: {error}") from None
        return probe.getsockname()[0]


def secrets_of(node, aws, versions):
    """The secrets at those versions, ten at a time as SSM gives them; a Problem that names what is missing."""
    path = node["parameterPath"]
    names = [f"{path}/{name}:{version}" for name, version in versions.items()]
    found = {}
    for start in range(0, len(names), 10):
        question = {"Names": names[start : start + 10], "WithDecryption": True}
        for it in aws.ask("ssm", "AmazonSSM.GetParameters", question)["Parameters"]:
            found[it["Name"].split(":")[0][len(path) + 1 :]] = it["Value"]
    missing = [f"{path}/{name}:{versions[name]}" for name in versions if name not in found]
    if missing:
        raise Problem(f"waiting for secrets in Parameter Store: {', '.join(missing)}")
    return found


def pull(aws, image):
    """Gets an image that is not there; one of ECR with a sign-in that is kept in memory alone."""
    try:
        run("docker", "image", "inspect", image)
        return
    except Problem:
        log("pulling", image=image)
    registry = image.split("/")[0]
    config = {"DOCKER_CONFIG": RUN + "/docker"}
    if re.fullmatch(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?", registry):
        target = "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"
        token = aws.ask("ecr", target, {})["authorizationData"][0]["authorizationToken"]
        password = base64.b64decode(token).decode().split(":", 1)[1]
        sign_in = ["login", "--username", "AWS", "--password-stdin", registry]
        run("docker", *sign_in, feed=password, environment=config)
    run("docker", "pull", "--quiet", image, seconds=PULL_SECONDS, environment=config)


class Ready:
    """A document that can be run at once, with all that its files are made of."""

    def __init__(self, node, document, found, address):
        self.node = node
        self.document = document
        self.secrets = found
        self.address = address
        self.status = ""
        self.mark_key = read(RUN + "/mark.key")
        if self.mark_key is None:
            self.mark_key = secrets.token_bytes(32)
            write(RUN + "/mark.key", self.mark_key)
        self.certificate = certificate.served(address)
        self.made = set()  # names of the services that have another container waiting for them


def prepare(node, aws, document, late):
    """All that can fail without touching what runs."""
    resolved = resolve(document, late, own_address())
    host.prepare(resolved)
    found = secrets_of(node, aws, secret_versions(document, late))
    for it in [*resolved["services"], *([resolved["acme"]] if "acme" in resolved else [])]:
        pull(aws, it["image"])
    ready = Ready(node, resolved, found, late["node-address"])
    ready.made = {it["name"] for it in resolved["services"] if containers.make(ready, it)}
    return ready


def refresh(ready, status):
    """Brings up to date what lives beside a document: the certificate, how the node is, the reserve of disk."""
    reserve.look()
    ready.status = status
    ready.certificate = certificate.served(ready.address)
    for service in ready.document["services"]:
        containers.write_folders(ready, service, live=True)


def switch(ready, tell):
    """Runs the document's services in place of others, and returns once they are ready."""
    host.protect(ready.document)
    for service in ready.document["services"]:
        containers.start_service(ready, service, tell)
    wanted = {
        "proof": True,
        "certificate": "acme" in ready.document,
        "ship": "logGroup" in ready.node,
    }
    tasks = [name for name, is_wanted in wanted.items() if is_wanted]
    task = {"node": ready.node, "address": ready.address, "turnKey": ready.secrets.get("turnKey")}
    told = {name: ready.document.get(name) for name in ("acme", "ports")}
    changed = write_if_changed(RUN + "/task.json", json.dumps({**task, **told}))
    for name in tasks:
        containers.start_task(name, changed)
    containers.stop_others(ready.document, tasks)
    wait_ready(ready.document)
    containers.remove_old_folders(ready)
