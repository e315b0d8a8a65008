"""The agent of a Turnkey node: has the newest node document applied, and goes back when it does not work.

It is told where to look by /etc/turnkey/node.json and holds no secret. How a document is applied comes
with the document, as its `scripts`: they are mended without another node, and go back together with
what they apply. docs/node.md tells how it all works.
"""

import datetime
import hashlib
import hmac
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException

# In front of every path, for tests; empty on a node.
ROOT = os.environ.get("TURNKEY_ROOT", "")
NODE_FILE = ROOT + "/etc/turnkey/node.json"
RUN = ROOT + "/run/turnkey"  # tmpfs: what is secret lies only here
KEPT = ROOT + "/var/lib/turnkey"

POLL_SECONDS = float(os.environ.get("TURNKEY_POLL_SECONDS", "5"))
LONGEST_PAUSE_SECONDS = 60
DOCUMENT_BYTES = 1_000_000
HTTP_SECONDS = 10


class Problem(Exception):
    """What the operator reads as it is; it is tried again, or another document mends it."""


class BadDocument(Problem):
    """No other try makes this version of the document work."""


def log(event, **fields):
    """One line of JSON for the journal. Its values are names and numbers, never secrets."""
    print(json.dumps({"event": event, **fields}), flush=True)


def run(*command, feed=None, seconds=120, environment=None):
    """What a command prints; a Problem with its last lines when it fails."""
    try:
        done = subprocess.run(
            command,
            input=feed,
            capture_output=True,
            text=True,
            timeout=seconds,
            env={**os.environ, **(environment or {})},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Problem(f"{command[0]} does not run: {error}") from None
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip()).split("\n")[-3:]
        raise Problem(f"{' '.join(command[:3])} failed: {'; '.join(lines)[-400:]}")
    return done.stdout


def utc_now():
    return datetime.datetime.now(datetime.timezone.utc)


def write(path, content, mode=0o600, owner=None):
    """Swaps a file for another at once: who reads it gets the old or the new one, never a part."""
    data = content.encode() if isinstance(content, str) else content
    os.makedirs(os.path.dirname(path), exist_ok=True)
    beside = f"{path}.{os.getpid()}.part"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        if owner is not None:
            os.fchown(file.fileno(), *owner)
        os.fchmod(file.fileno(), mode)
    os.replace(beside, path)


def read(path):
    """Bytes of a file; None when there is none."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def write_if_changed(path, content, mode=0o600, owner=None):
    """Whether the file had to be written."""
    data = content.encode() if isinstance(content, str) else content
    if read(path) == data:
        return False
    write(path, data, mode, owner)
    return True


# --- AWS: four calls, signed here, as the command line costs half a second of processor for each. ---


def sign(request, service, region, keys, now):
    """Adds the headers of Signature Version 4.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html; `request` has method, url,
    headers and body. The path counts as it is: right for S3, and for others at "/".
    """
    url = urllib.parse.urlsplit(request["url"])
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    body_hash = hashlib.sha256(request["body"]).hexdigest()
    headers = {**request["headers"], "host": url.netloc, "x-amz-date": stamp}
    if service == "s3":
        headers["x-amz-content-sha256"] = body_hash
    if keys.get("token"):
        headers["x-amz-security-token"] = keys["token"]
    lower = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    names = ";".join(sorted(lower))
    query = sorted(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
    canonical = [
        request["method"],
        url.path or "/",
        urllib.parse.urlencode(query, quote_via=urllib.parse.quote, safe="-_.~"),
        *(f"{name}:{lower[name]}" for name in sorted(lower)),
        "",
        names,
        body_hash,
    ]
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    digest = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
    key = b"AWS4" + keys["secret"].encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, digest])
    signature = hmac.new(key, text.encode(), "sha256").hexdigest()
    credential = f"AWS4-HMAC-SHA256 Credential={keys['id']}/{scope}"
    headers["Authorization"] = f"{credential}, SignedHeaders={names}, Signature={signature}"
    return {**request, "headers": headers}


def http(method, url, headers=None, body=None, seconds=HTTP_SECONDS, context=None):
    """Status, headers and body of an answer, whatever it is; a Problem when there is none."""
    request = urllib.request.Request(url, body, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=seconds, context=context) as answer:
            return answer.status, answer.headers, answer.read(DOCUMENT_BYTES + 1)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read(10_000)
    except (OSError, ValueError, HTTPException) as error:
        host = urllib.parse.urlsplit(url).netloc
        raise Problem(f"{host} cannot be reached: {getattr(error, 'reason', error)}") from None


class Metadata:
    """The instance's metadata service, version 2 only."""

    def __init__(self, base):
        self.base = base

    def get(self, path):
        lifetime = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
        status, _, token = http("PUT", self.base + "/latest/api/token", lifetime, b"", 2)
        if status != 200:
            raise Problem(f"the metadata service gives no token: {status}")
        given = {"X-aws-ec2-metadata-token": token.decode()}
        status, _, text = http("GET", f"{self.base}/latest/meta-data/{path}", given, None, 2)
        if status != 200:
            raise Problem(f"the metadata service tells no {path}: {status}")
        return text.decode()

    def keys(self):
        role = self.get("iam/security-credentials/").split()
        if not role:
            raise Problem("the instance has no role yet")
        told = json.loads(self.get(f"iam/security-credentials/{role[0]}"))
        return {
            "id": told["AccessKeyId"],
            "secret": told["SecretAccessKey"],
            "token": told.get("Token", ""),
            "until": told["Expiration"],
        }


class Aws:
    """The services that the agent speaks with. `endpoints` in node.json names other hosts, for tests."""

    def __init__(self, node):
        self.region = node["region"]
        self.endpoints = node.get("endpoints", {})
        self.metadata = Metadata(self.endpoints.get("metadata", "http://169.254.169.254"))
        self.keys = None

    def url(self, service, path="/", bucket=None):
        given = self.endpoints.get(service)
        if given:
            return given + (f"/{bucket}" if bucket else "") + path
        end = "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"
        prefix = f"{bucket}." if bucket else ("api." if service == "ecr" else "")
        return f"https://{prefix}{service}.{self.region}.{end}{path}"

    def call(self, service, method, url, headers=None, body=b""):
        """The answer, or a Problem in AWS's words. Keys are taken anew five minutes before they end."""
        now = utc_now()
        soon = (now + datetime.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
        if self.keys is None or self.keys["until"] < soon:
            self.keys = self.metadata.keys()
        asked = {"method": method, "url": url, "headers": headers or {}, "body": body}
        signed = sign(asked, service, self.region, self.keys, now)
        status, told, answer = http(method, url, signed["headers"], body or None)
        if status < 300:
            return told, answer
        if status in (401, 403):
            self.keys = None
        words = re.search(rb'(?:<Code>|"__type"\s*:\s*")([^<"]+)', answer)
        what = words.group(1).decode() if words else "no reason given"
        raise Problem(f"{service} answers {status} to {method} {url}: {what}")

    def ask(self, service, target, question):
        """A call of the services that take and give JSON."""
        kind = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
        body = json.dumps(question).encode()
        return json.loads(self.call(service, "POST", self.url(service), kind, body)[1] or b"null")

    def object(self, method, bucket, key, body=b""):
        """Headers and content of an object in S3."""
        path = "/" + urllib.parse.quote(key)
        # Without one urllib says that it is a form.
        kind = {"Content-Type": "application/json"} if body else None
        return self.call("s3", method, self.url("s3", path, bucket), kind, body)


# --- Releases of the document. ---


class Release:
    """A version of the document, what rides beside it, and the scripts in it that apply it."""

    def __init__(self, version, late, document):
        self.version = version
        self.late = late
        self.document = document
        self.code = None
        self.ready = None

    def kept(self):
        """As JSON for the disk: it holds no secret."""
        return json.dumps({"version": self.version, "late": self.late, "document": self.document})

    def load(self):
        """Imports the document's scripts, in place of those of another version."""
        scripts = self.document["scripts"]
        mark = hashlib.sha256(json.dumps(scripts, sort_keys=True).encode()).hexdigest()[:16]
        folder = f"{RUN}/scripts/{mark}"
        for name, text in scripts.items():
            if not re.fullmatch(r"[a-z_]+\.py", name):
                raise BadDocument(f"the node document is refused: a script is called {name}")
            write_if_changed(f"{folder}/{name}", text, 0o644)
        sys.path[:] = [folder, *(it for it in sys.path if not it.startswith(RUN))]
        for name in scripts:
            sys.modules.pop(name[:-3], None)
        importlib.invalidate_caches()
        self.code = importlib.import_module("apply")
        self.code.check(self.document, self.late)


class Agent:
    """What runs on this node, and what should."""

    def __init__(self, node):
        self.node = node
        self.aws = Aws(node)
        self.running = None
        self.applied = None
        self.refused = json.loads(read(KEPT + "/refused.json") or b"{}")
        self.unkept = {}
        self.told = None
        self.status = ""

    def tell(self, state, wanted, problem=None):
        """Writes how the node is: the version that runs, the one that is wanted, and what is wrong."""
        if self.told == (state, wanted, problem):
            return
        self.told = (state, wanted, problem)
        told = {"state": state, "wanted": wanted, "applied": self.applied, "problem": problem}
        log("state", **told)
        self.status = json.dumps({**told, "since": utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")}) + "\n"
        try:
            self.refresh()
        finally:
            write(RUN + "/status.json", self.status, 0o644)

    def refresh(self):
        """Has what runs take up what changed beside the document: the certificate, and this status."""
        if self.running:
            self.running.code.refresh(self.running.ready, self.status)

    def keep(self, name, text):
        """On disk; a full one is no reason to stop, and is tried again."""
        try:
            write(f"{KEPT}/{name}", text)
            self.unkept.pop(name, None)
        except OSError as error:
            if self.unkept.get(name) != text:
                log("not kept", name=name, problem=str(error))
            self.unkept[name] = text

    def last_good(self):
        kept = self.unkept.get("good.json") or read(KEPT + "/good.json")
        return Release(**json.loads(kept)) if kept else None

    def look(self, method):
        """Version, headers and text of the newest document."""
        headers, body = self.aws.object(method, self.node["bucket"], self.node["documentKey"])
        return headers.get("x-amz-version-id", headers.get("etag")), headers, body

    def fetch(self):
        """The newest document, if its scripts take it."""
        version, headers, body = self.look("GET")
        prefix = "x-amz-meta-"
        late = {
            it.lower()[len(prefix) :]: headers[it]
            for it in headers
            if it.lower().startswith(prefix)
        }
        try:
            if len(body) > DOCUMENT_BYTES:
                raise BadDocument(f"the node document is refused: over {DOCUMENT_BYTES} bytes")
            release = Release(version, late, json.loads(body))
            if release.document["format"] != 1:
                raise BadDocument("the node document is refused: its format is not 1")
            release.load()
            return release
        except BadDocument as problem:
            self.refuse(version, str(problem))
        except OSError as error:  # of the node, not of the document
            raise Problem(f"the node document cannot be unpacked: {error}") from None
        except Exception as error:  # whatever a script of another version does
            self.refuse(version, f"the node document is refused: {error!r}")

    def remember(self, version, problem):
        """Not to try a version again."""
        self.refused = {"version": version, "problem": problem}
        self.keep("refused.json", json.dumps(self.refused))

    def refuse(self, version, problem):
        """Remembers a version, and tells what is wrong with it."""
        self.remember(version, problem)
        self.tell("refused", version, problem)
        raise BadDocument(problem)

    def apply(self, release):
        """Gets ready all that can fail without touching what runs, then runs it. Returns when it is ready."""
        if release.code is None:
            release.load()
        release.ready = release.code.prepare(self.node, self.aws, release.document, release.late)
        self.running = release
        self.refresh()
        release.code.switch(release.ready, lambda state: self.tell(state, release.version))
        self.applied = release.version

    def take(self, release):
        """Applies a release; when it is not ready in time, the last good one again."""
        # What went wrong with it before stays told until it is done.
        if self.told is None or self.told[:2] != ("applying", release.version):
            self.tell("applying", release.version)
        before = self.running
        try:
            self.apply(release)
        except Exception as error:
            good = self.last_good()
            touched = self.running is not before
            if not touched or good is None or good.version == release.version:
                raise
            log("going back", version=good.version, problem=str(error))
            self.applied = None
            told = f"went back to the last good document: {error}"
            # First, as going back may fail: what failed is not to be tried in its place.
            self.remember(release.version, told)
            self.apply(good)
            self.refuse(release.version, told)
        self.keep("good.json", release.kept())
        self.tell("applied", release.version)

    def step(self):
        """Looks once whether anything is to be done, and does it."""
        self.refresh()
        for name, text in list(self.unkept.items()):
            self.keep(name, text)
        good = self.last_good()
        if self.applied is None and good:
            try:
                self.take(good)
            except Exception as error:
                log("not applied", version=good.version, problem=repr(error))
        newest = self.look("HEAD")[0]
        if newest == self.refused.get("version"):
            self.tell("refused", newest, self.refused["problem"])
        elif newest != self.applied:
            self.take(self.fetch())
        else:
            self.tell("applied", newest)

    def loop(self):
        """Steps for ever; after failures with pauses that double up to a minute."""
        failures = 0
        while True:
            try:
                self.step()
                failures = 0
            except Exception as error:
                if not isinstance(error, Problem):
                    traceback.print_exc()
                # What is refused is not tried again: the next document is looked for as soon as ever.
                failures = 0 if isinstance(error, BadDocument) else failures + 1
                state, wanted, _ = self.told or ("starting", None, None)
                self.tell(state, wanted, str(error) or repr(error))
            time.sleep(min(POLL_SECONDS * 2 ** min(failures, 8), LONGEST_PAUSE_SECONDS))


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.umask(0o077)
    os.makedirs(RUN, 0o700, exist_ok=True)
    # Scripts import this file by its name, and its exceptions are to be the same.
    sys.modules["agent"] = sys.modules["__main__"]
    Agent(json.loads(read(NODE_FILE) or b"{}")).loop()


if __name__ == "__main__":
    main()
