"""The certificate that the node serves: ordered by lego, and kept in S3 for the next node.

As a program it runs for ever beside the agent, which takes up what it publishes. lego itself knows when a
certificate is due: when the authority says so (ARI, RFC 9773), or after two thirds of its life, half of one of ten
days at most.
"""

import glob
import hashlib
import json
import os
import random
import re
import socket
import time
import urllib.parse

import host
from agent import LONGEST_PAUSE_SECONDS, RUN, Aws, Problem, http, log, read, run
from agent import write, write_if_changed

CERTIFICATE_FILE = RUN + "/certificate.json"
LEGO = RUN + "/lego"
LOOK_SECONDS = float(os.environ.get("TURNKEY_LOOK_SECONDS", "3600"))
WAIT_SECONDS = float(os.environ.get("TURNKEY_WAIT_SECONDS", "10"))
# Let's Encrypt: five failed validations of a name in an hour, then none is tried for one.
FIRST_RETRY_SECONDS = float(os.environ.get("TURNKEY_RETRY_SECONDS", "900"))
LONGEST_RETRY_SECONDS = 21_600
ORDER_SECONDS = 300
USER = host.ACME_USER
CONTAINER = "turnkey-lego"
# Where Go looks first for the authorities to trust.
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


class OrderFailed(Problem):
    """The authority may have counted it."""


def served(address):
    """Chain and key that the node has; at first a stand-in that nobody trusts, so that the edge can start."""
    kept = read(CERTIFICATE_FILE)
    if kept is None:
        made = run(
            *[
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
            ],
            *[
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=not yet certified",
                "-keyout",
                "-",
                "-out",
                "-",
            ],
            *["-addext", f"subjectAltName=IP:{address}"],
        )
        blocks = re.findall(r"-----BEGIN [A-Z ]+-----.+?-----END [A-Z ]+-----\n", made, re.DOTALL)
        key = next(it for it in blocks if "PRIVATE" in it)
        chain = next(it for it in blocks if "CERTIFICATE" in it)
        log("standing in", certificate="self-signed, for nobody to trust")
        kept = json.dumps({"chain": chain, "key": key, "standIn": True}).encode()
        write(CERTIFICATE_FILE, kept)
    return json.loads(kept)


def name_of(acme):
    """What lego calls the certificate: another one for other names, another authority or another profile."""
    told = [sorted(acme["names"]), acme["directory"], acme.get("profile")]
    return "turnkey-" + hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def order_arguments(acme, port, authorities):
    """Arguments of `docker run` for lego 5, which orders or renews, or leaves a certificate that is not due.

    `authorities` is the file of those that the node trusts, an operator's own among them.
    """
    optional = {"--email": acme.get("email"), "--profile": acme.get("profile")}
    return [
        *["run", "--rm", f"--name={CONTAINER}", "--network=host", "--pull=never", "--read-only"],
        *["--cap-drop=ALL", "--security-opt=no-new-privileges", f"--user={USER}:{USER}"],
        *["--memory=128m", "--memory-swap=128m", "--pids-limit=256"],
        f"--mount=type=bind,source={authorities},target={AUTHORITIES},readonly",
        # The image has its program at /lego.
        *[f"--mount=type=bind,source={LEGO},target=/kept", acme["image"]],
        *["run", "--accept-tos", f"--server={acme['directory']}", "--path=/kept"],
        # The pauses between two looks are random already.
        "--no-random-sleep",
        *[f"--cert.name={name_of(acme)}", "--http", f"--http.address=127.0.0.1:{port}"],
        *(f"{flag}={value}" for flag, value in optional.items() if value),
        *(f"--domains={name}" for name in acme["names"]),
    ]


def files_kept(acme):
    """What of lego's folder outlives the node: the account, and this certificate."""
    paths = glob.glob(f"{LEGO}/accounts/**", recursive=True)
    paths += glob.glob(f"{LEGO}/certificates/{name_of(acme)}.*")
    texts = {os.path.relpath(path, LEGO): text_of(path) for path in sorted(paths)}
    return {path: text for path, text in texts.items() if text is not None}


def text_of(path):
    """A file of lego's; None without one, and where it leads out of the folder: root reads no other for lego."""
    inside = os.path.realpath(path).startswith(os.path.realpath(LEGO) + "/")
    return read(path).decode() if inside and os.path.isfile(path) else None


def files_in(body):
    """What an earlier node kept, by paths in lego's folder; a ValueError when it is nothing of that kind."""
    told = json.loads(body)
    files = told.get("files") if isinstance(told, dict) else None
    if not isinstance(files, dict) or not all(isinstance(it, str) for it in files.values()):
        raise ValueError("it has no files")
    for path in files:
        if path.startswith("/") or ".." in path.split("/"):
            raise ValueError(f"it has a file elsewhere: {path}")
    return files


def restore(files):
    """Puts what was kept where lego looks."""
    os.makedirs(LEGO, 0o700, exist_ok=True)
    for path, text in files.items():
        write(f"{LEGO}/{path}", text)
    owner = (USER, USER) if os.getuid() == 0 else (-1, -1)
    for folder, _, names in os.walk(LEGO):
        for path in (folder, *(f"{folder}/{name}" for name in names)):
            os.chown(path, *owner, follow_symlinks=False)


def publish(acme):
    """Gives the certificate to the agent. Whether there is one."""
    name = f"{LEGO}/certificates/{name_of(acme)}"
    chain, key = text_of(name + ".crt"), text_of(name + ".key")
    if not chain or not key:
        return False
    if write_if_changed(CERTIFICATE_FILE, json.dumps({"chain": chain, "key": key})):
        log("certificate", told="another one is served")
    return True


def obstacle(acme, address, metadata):
    """Why no order can succeed yet; None when the address, and every name, leads here."""
    if metadata.get("public-ipv4") != address:
        return f"{address} is not this node's yet"
    for name in acme["names"]:
        if name == address:
            continue
        try:
            found = {it[4][0] for it in socket.getaddrinfo(name, 80, socket.AF_INET)}
        except OSError:
            found = set()
        if found != {address}:
            leads = ", ".join(sorted(found)) or "nowhere"
            return f"{name} leads {leads}, wanted {address} - add the record A {name} {address}"
    return None


def reach(directory):
    """Raises a Problem unless the authority is there: what fails before an order counts for nobody."""
    status = http("GET", directory)[0]
    if status != 200:
        raise Problem(f"{urllib.parse.urlsplit(directory).netloc} answers {status} to GET")


def look_pause(chance=random.random):
    """Seconds until a certificate is looked at again: random, so that not every node comes at once."""
    return LOOK_SECONDS * (0.5 + chance())


class Keeper:
    """Orders, renews and keeps one certificate."""

    def __init__(self, task):
        self.acme = task["acme"]
        self.address = task["address"]
        self.port = next(row["from"] for row in task["ports"] if row["name"] == "acme")
        self.node = task["node"]
        self.aws = Aws(self.node)
        self.kept = None
        self.told = None
        self.failures = 0
        self.failed_orders = 0

    def tell(self, text):
        if text != self.told:
            log("certificate", told=text)
        self.told = text

    def fetch_kept(self):
        """Takes up what an earlier node kept; without an answer of S3 an order might be the second one."""
        try:
            _, body = self.aws.object("GET", self.node["bucket"], self.node["certificateKey"])
            restore(files_in(body))
            self.kept = body
        except ValueError as error:
            log("certificate", told=f"what is kept is of no use, so another is ordered: {error}")
            restore({})
        except Problem as problem:
            # Who may not list a bucket is told of a missing object that access is denied.
            if not re.search("NoSuchKey|AccessDenied", str(problem)):
                raise
            restore({})

    def keep(self):
        """Stores account and certificate where they outlive the node, whenever they changed."""
        body = json.dumps({"format": 1, "files": files_kept(self.acme)}).encode()
        if body != self.kept:
            self.aws.object("PUT", self.node["bucket"], self.node["certificateKey"], body=body)
        self.kept = body

    def step(self):
        """Does what is to be done, and tells how many seconds may pass until the next time."""
        if not os.path.isdir(LEGO):
            self.fetch_kept()
        publish(self.acme)
        why = obstacle(self.acme, self.address, self.aws.metadata)
        if why:
            self.tell(f"waiting: {why}")
            return WAIT_SECONDS
        reach(self.acme["directory"])
        self.order()
        self.keep()
        self.tell("served and kept")
        return look_pause()

    def order(self):
        """Has lego order what is due, and publishes it."""
        arguments = order_arguments(self.acme, self.port, host.system()["authorities"])
        # One that was left behind when this program ended.
        run("docker", "rm", "--force", CONTAINER)
        try:
            run("docker", *arguments, seconds=ORDER_SECONDS)
        except Problem as problem:
            raise OrderFailed(str(problem)) from None
        if not publish(self.acme):
            raise OrderFailed("lego ended well, and there is no certificate")
        self.failed_orders = 0

    def turn(self):
        """A step, and the seconds until the next one. Orders that failed count until one went well."""
        try:
            pause = self.step()
            self.failures = 0
            return pause
        except OrderFailed as problem:
            self.tell(str(problem))
            self.failed_orders += 1
            doubled = FIRST_RETRY_SECONDS * 2 ** min(self.failed_orders - 1, 10)
            return min(doubled, LONGEST_RETRY_SECONDS)
        except Problem as problem:
            self.tell(str(problem))
            self.failures += 1
            doubled = WAIT_SECONDS * 2 ** min(self.failures - 1, 10)
            return min(doubled, LONGEST_PAUSE_SECONDS)


def main():
    keeper = Keeper(json.loads(read(RUN + "/task.json")))
    while True:
        time.sleep(keeper.turn())


if __name__ == "__main__":
    os.umask(0o077)
    main()
