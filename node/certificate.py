"""The certificate that the node serves: ordered by lego, and kept in S3 for the next node.

As a program it runs for ever beside the agent, which takes up what it publishes. lego itself knows when a
certificate is due: when the authority says so (ARI, RFC 9773), or after two thirds of its life.
"""

import glob
import hashlib
import json
import os
import re
import socket
import time

from agent import RUN, Aws, Problem, log, read, run, write, write_if_changed

CERTIFICATE_FILE = RUN + "/certificate.json"
LEGO = RUN + "/lego"
LOOK_SECONDS = float(os.environ.get("TURNKEY_LOOK_SECONDS", "3600"))
WAIT_SECONDS = float(os.environ.get("TURNKEY_WAIT_SECONDS", "10"))
# Let's Encrypt: five failed validations of a name in an hour, then none is tried for one.
FIRST_RETRY_SECONDS = 900
# lego sleeps up to eight minutes before it renews, so that not everybody comes at once.
ORDER_SECONDS = 900
USER = 65532


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


def order_arguments(acme, port):
    """Arguments of `docker run` for lego 5, which orders or renews, or leaves a certificate that is not due."""
    optional = {"--email": acme.get("email"), "--profile": acme.get("profile")}
    return [
        *["run", "--rm", "--name=turnkey-lego", "--network=host", "--pull=never", "--read-only"],
        *["--cap-drop=ALL", "--security-opt=no-new-privileges", f"--user={USER}:{USER}"],
        *["--memory=128m", "--memory-swap=128m", "--pids-limit=256"],
        *[f"--mount=type=bind,source={LEGO},target=/lego", acme["image"]],
        *["run", "--accept-tos", f"--server={acme['directory']}", "--path=/lego"],
        *[f"--cert.name={name_of(acme)}", "--http", f"--http.address=127.0.0.1:{port}"],
        *(f"{flag}={value}" for flag, value in optional.items() if value),
        *(f"--domains={name}" for name in acme["names"]),
    ]


def files_kept(acme):
    """What of lego's folder outlives the node: the account, and this certificate."""
    paths = glob.glob(f"{LEGO}/accounts/**", recursive=True)
    paths += glob.glob(f"{LEGO}/certificates/{name_of(acme)}.*")
    return {
        os.path.relpath(path, LEGO): read(path).decode() for path in paths if os.path.isfile(path)
    }


def restore(kept):
    """Puts what was kept where lego looks."""
    os.makedirs(LEGO, 0o700, exist_ok=True)
    for path, text in kept.items():
        if path.startswith("/") or ".." in path.split("/"):
            raise Problem(f"the certificate that is kept has a file elsewhere: {path}")
        write(f"{LEGO}/{path}", text)
    for folder, _, names in os.walk(LEGO):
        for path in (folder, *(f"{folder}/{name}" for name in names)):
            os.chown(path, *((USER, USER) if os.getuid() == 0 else (-1, -1)))


def publish(acme):
    """Gives the certificate to the agent. Whether there is one."""
    name = f"{LEGO}/certificates/{name_of(acme)}"
    chain, key = read(name + ".crt"), read(name + ".key")
    if not chain or not key:
        return False
    told = {"chain": chain.decode(), "key": key.decode()}
    write_if_changed(CERTIFICATE_FILE, json.dumps(told))
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

    def tell(self, text):
        if text != self.told:
            log("certificate", told=text)
        self.told = text

    def fetch_kept(self):
        """Takes up what an earlier node kept; without an answer of S3 an order might be the second one."""
        try:
            _, body = self.aws.object("GET", self.node["bucket"], self.node["certificateKey"])
            restore(json.loads(body)["files"])
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
        run("docker", *order_arguments(self.acme, self.port), seconds=ORDER_SECONDS)
        if not publish(self.acme):
            raise Problem("lego ended well, and there is no certificate")
        self.keep()
        self.tell("served and kept")
        return LOOK_SECONDS


def main():
    keeper = Keeper(json.loads(read(RUN + "/task.json")))
    failures = 0
    while True:
        try:
            pause = keeper.step()
            failures = 0
        except Problem as problem:
            keeper.tell(str(problem))
            # Only orders are counted by the authority.
            ordered = "docker" in str(problem) or "lego" in str(problem)
            pause = min(FIRST_RETRY_SECONDS * 2**failures, 21_600) if ordered else WAIT_SECONDS
            failures += ordered
        time.sleep(pause)


if __name__ == "__main__":
    os.umask(0o077)
    main()
