"""Ends LiveKit: calls get time to end by themselves, and those that do not are told why.

LiveKit's unit runs it whenever it is stopped: by the agent, by a shutdown, by hand.
`drain.py CONTAINER SECONDS NAME_OF_STATUS_FILE...`
"""

import base64
import glob
import hashlib
import hmac
import json
import os
import sys
import time

import proof
from agent import RUN, Problem, http, log, read, run, utc_now, write

LOOK_SECONDS = 0.5
TOKEN_SECONDS = 60
# In all, however many rooms there are.
CLOSING_SECONDS = 10
# Until members have their reason.
UNDER_WAY_SECONDS = 1
# LiveKit ends after the first signal once nobody is there, and after the second at once (cmd/server/main.go):
# two at one time would reach it as one.
SIGNAL_SECONDS = 1
SIGNALS = 10

# From the beginning of a drain until LiveKit is started again; holds since when.
MARK = RUN + "/draining"

# By which a container of LiveKit tells how it is spoken with, as a document may come with other ports and keys.
LABEL = "dev.turnkey.drain"

# The secret that its server API is asked with.
KEYS = "livekitKeys"


# --- Pure. ---


def label_value(ports, service):
    """Where the container has its relays, its server API and its keys."""
    rows = {row["name"]: row for row in ports}
    files = [file for folder in service["folders"] for file in folder["files"]]
    told = {
        "relays": {name: rows["relay"][name] for name in ("from", "to")},
        "port": rows["signalling"]["from"],
        "keys": next(it["path"] for it in files if it.get("parameter") == KEYS),
    }
    return json.dumps(told)


def draining(status, since):
    """The node's status while there is no LiveKit to begin a call with."""
    return json.dumps({**json.loads(status), "state": "draining", "since": since}) + "\n"


def token(keys, now, room):
    """What LiveKit's server API takes for rooms and who is in one, of the first pair of a key file."""
    key, secret = (it.strip().strip("\"'") for it in keys.split("\n", 1)[0].split(":", 1))
    grants = {"roomList": True, "roomCreate": True, "roomAdmin": True, "room": room}
    claims = {"iss": key, "exp": now + TOKEN_SECONDS, "video": grants}
    parts = [base64url(json.dumps(it).encode()) for it in ({"alg": "HS256", "typ": "JWT"}, claims)]
    text = ".".join(parts)
    return f"{text}.{base64url(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())}"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# --- What LiveKit holds. ---


class Calls:
    """Relays by the kernel, as LiveKit counts none, and participants by its server API."""

    def __init__(self, container, told, keys_file):
        self.container = container
        self.told = told
        self.keys_file = keys_file
        self.rooms = []
        self.people = 0

    def ask(self, what, question):
        """A call of livekit.RoomService; a Problem unless it does it."""
        keys = (read(self.keys_file) or b"").decode()
        headers = {
            "Authorization": f"Bearer {token(keys, int(time.time()), question.get('room', ''))}",
            "Content-Type": "application/json",
        }
        url = f"http://127.0.0.1:{self.told['port']}/twirp/livekit.RoomService/{what}"
        status, _, body = http("POST", url, headers, json.dumps(question).encode(), 5)
        if status != 200:
            raise Problem(f"LiveKit answers {status} to {what}")
        return json.loads(body)

    def left(self):
        """Relays and participants; a LiveKit that does not answer has those that it told last, until it has ended."""
        try:
            rooms = self.ask("ListRooms", {}).get("rooms", [])
            self.rooms = [it["name"] for it in rooms]
            # These come up to five seconds late (roomUpdateInterval of pkg/rtc/room.go): none may be some.
            people = sum(it.get("num_participants", 0) for it in rooms)
            self.people = people or sum(map(self.people_in, self.rooms))
        except (Problem, ValueError) as problem:
            log("rooms not told", problem=str(problem))
            if has_ended(self.container):
                self.people = 0
        return {
            "relays": proof.live_allocations(self.told["relays"]),
            "participants": self.people,
        }

    def people_in(self, room):
        return len(self.ask("ListParticipants", {"room": room}).get("participants", []))

    def close(self):
        """Ends the calls that are left, with a reason: LiveKit that is killed, or forced, may not tell it."""
        end = time.monotonic() + CLOSING_SECONDS
        for room in self.rooms:
            if time.monotonic() > end:
                return
            try:
                self.ask("DeleteRoom", {"room": room})
            except (Problem, ValueError) as problem:
                log("a room is not closed", problem=str(problem))


# --- Draining. ---


def status(text):
    """How the node is, as the API is told it."""
    since = read(MARK)
    return text if since is None or not text else draining(text, since.decode())


def say(names):
    """Has services that run know, also when no agent is there to tell them: those of the document before, too."""
    try:
        write(MARK, utc_now().strftime("%Y-%m-%dT%H:%M:%SZ"))
        for path in (it for name in names for it in glob.glob(f"{RUN}/files/*/*/{name}")):
            text = read(path)
            if text:
                found = os.stat(path)
                write(path, status(text.decode()), 0o444, (found.st_uid, found.st_gid))
    except OSError as error:  # of memory that is full: calls that there are get their time
        log("draining is not told", problem=str(error))


def inspected(container):
    """What the engine knows of it."""
    return json.loads(run("docker", "inspect", container))[0]


def has_ended(container):
    """Whether the engine says so: one that is away says nothing."""
    try:
        return not inspected(container)["State"]["Running"]
    except Problem:
        return False


def calls_of(container):
    """What it holds; None when it does not run."""
    told = inspected(container)
    if not told["State"]["Running"]:
        return None
    held = json.loads(told["Config"]["Labels"][LABEL])
    folder, name = os.path.split(held["keys"])
    source = next(it["Source"] for it in told["Mounts"] if it["Destination"] == folder)
    return Calls(container, held, f"{source}/{name}")


def end(container):
    """Signals until it has ended."""
    for _ in range(SIGNALS):
        if has_ended(container):
            return
        run("docker", "kill", "--signal", "TERM", container)
        time.sleep(SIGNAL_SECONDS)


def main(container, seconds, *names):
    calls = calls_of(container)
    if calls is None:
        return
    begun = time.monotonic()
    say(names)
    left = calls.left()
    log("draining", seconds=float(seconds), **left)
    while any(left.values()) and time.monotonic() < begun + float(seconds):
        time.sleep(LOOK_SECONDS)
        left = calls.left()
    log("ending LiveKit", after=round(time.monotonic() - begun, 1), **left)
    if left["participants"]:
        calls.close()
        time.sleep(UNDER_WAY_SECONDS)
    end(container)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Problem as problem:
        log("draining is broken off", problem=str(problem))
        sys.exit(1)
