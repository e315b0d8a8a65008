"""Proves the relay once a minute through the node's public address, and publishes how the node is."""

import datetime
import glob
import json
import os
import re
import shutil
import ssl
import time
import urllib.parse

import turn
from agent import ROOT, RUN, Aws, Problem, http, log, read, run

EVERY_SECONDS = float(os.environ.get("TURNKEY_EVERY_SECONDS", "60"))
CREDENTIAL_SECONDS = 300
# Whom the relay counts these allocations for; no user's id has a space.
PARTICIPANT = "the node itself"

# CloudWatch's units (plan/nodeMetrics.ts).
UNITS = {
    "RelayProofFailed": "None",
    "RelayRoundTripMs": "Milliseconds",
    "LiveAllocations": "Count",
    "CertificateDaysLeft": "None",
    "ClockOffsetMs": "Milliseconds",
    "MemoryUsedPercent": "Percent",
    "DiskUsedPercent": "Percent",
    "AllowanceExceeded": "Count",
    "ApiErrors": "Count",
}


def port_of(task, name):
    return next(row["from"] for row in task["ports"] if row["name"] == name)


def allocations(table, ports):
    """Relay allocations by /proc/net/udp: LiveKit binds them to every address, and its media to one."""
    sockets = (line.split()[1].split(":") for line in table.splitlines()[1:] if line.strip())
    held = [int(port, 16) for address, port in sockets if int(address, 16) == 0]
    return sum(ports["from"] <= port <= ports["to"] for port in held)


def live_allocations(ports):
    """Relay allocations at this moment, of whichever process: each has a socket."""
    return allocations((read(ROOT + "/proc/net/udp") or b"").decode(), ports)


def memory_used(meminfo):
    """Percent that no process can have, by /proc/meminfo."""
    told = dict(re.findall(r"(\w+):\s+(\d+)", meminfo))
    return 100 * (1 - int(told["MemAvailable"]) / int(told["MemTotal"]))


def api_errors(exposition):
    """Answers with a status of 500 and above since the API began, by its metrics."""
    lines = re.findall(
        r'^turnkey_api_requests_total\{.*status="5\d\d".*\} (\S+)$', exposition, re.M
    )
    return sum(map(float, lines))


def allowance_exceeded(statistics):
    """Packets that AWS held back or dropped since the interface began, by `ethtool -S`."""
    return sum(map(int, re.findall(r"_allowance_exceeded: (\d+)", statistics)))


def clock_offset(tracking):
    """Milliseconds, by `chronyc -c tracking`, whose fifth field is seconds."""
    return abs(float(tracking.split(",")[4])) * 1000


def days_left(end, now):
    """Days until a time as openssl writes it, such as `Jun  1 12:00:00 2027 GMT`."""
    return (ssl.cert_time_to_seconds(end) - now) / 86_400


def since(before, total):
    """What a counter grew by; one that began anew counts from 0."""
    return 0 if before is None else total - before if total >= before else total


class Watch:
    """Measures; what cannot be measured is left out, and told once."""

    def __init__(self, task):
        self.task = task
        self.aws = Aws(task["node"])
        self.totals = {}
        self.told = {}

    def relay(self):
        """Whether the relay passes packets, and how fast."""
        pair = json.loads(self.task["turnKey"])
        until = int(time.time()) + CREDENTIAL_SECONDS
        user, password = turn.credential(pair["key"], pair["secret"], PARTICIPANT, until)
        ports = (port_of(self.task, "turn-udp"), port_of(self.task, "https"))
        try:
            taken = turn.prove(self.task["address"], *ports, user, password)
        except (OSError, turn.Refused) as error:
            self.tell("relay", str(error))
            return {"RelayProofFailed": 1}
        self.tell("relay", None)
        return {"RelayProofFailed": 0, "RelayRoundTripMs": taken}

    def grown(self, name, total):
        before = self.totals.get(name)
        self.totals[name] = total
        return {name: since(before, total)}

    def live(self):
        relay = next(row for row in self.task["ports"] if row["name"] == "relay")
        return {"LiveAllocations": live_allocations(relay)}

    def certificate(self):
        chain = json.loads(read(RUN + "/certificate.json"))["chain"]
        told = run("openssl", "x509", "-noout", "-enddate", feed=chain).strip()
        return {"CertificateDaysLeft": days_left(told.split("=", 1)[1], time.time())}

    def clock(self):
        return {"ClockOffsetMs": clock_offset(run("chronyc", "-c", "tracking"))}

    def memory(self):
        return {"MemoryUsedPercent": memory_used(read("/proc/meminfo").decode())}

    def disk(self):
        used = shutil.disk_usage(ROOT or "/")
        return {"DiskUsedPercent": 100 * used.used / (used.used + used.free)}

    def allowance(self):
        cards = [it.split("/")[4] for it in glob.glob("/sys/class/net/*/device")]
        if not cards:
            raise Problem("there is no network card to ask")
        told = "".join(run("ethtool", "-S", card) for card in cards)
        return self.grown("AllowanceExceeded", allowance_exceeded(told))

    def api(self):
        _, _, body = http("GET", f"http://127.0.0.1:{port_of(self.task, 'api-metrics')}/metrics")
        return self.grown("ApiErrors", api_errors(body.decode()))

    def tell(self, what, problem):
        if self.told.get(what) != problem:
            log("watch", what=what, problem=problem)
        self.told[what] = problem

    def measure(self):
        """Every metric that can be had. Allocations come before the proof, which holds two."""
        values = {}
        for ask in (self.live, self.relay, self.certificate, self.clock, self.memory):
            values.update(self.asked(ask))
        for ask in (self.disk, self.allowance, self.api):
            values.update(self.asked(ask))
        return values

    def asked(self, ask):
        try:
            found = ask()
        except (
            Problem,
            OSError,
            ValueError,
            KeyError,
            IndexError,
            TypeError,
            StopIteration,
        ) as error:
            self.tell(ask.__name__, repr(error))
            return {}
        if ask != self.relay:
            self.tell(ask.__name__, None)
        return found

    def turn(self):
        """Measures and publishes; where another node has the stack's address it would be of that one."""
        address = self.task["address"]
        if self.aws.metadata.get("public-ipv4") != address:
            raise Problem(f"waiting: {address} is not this node's yet")
        self.publish(self.measure())
        self.tell("publishing", None)

    def publish(self, values):
        """All metrics in one call."""
        form = {
            "Action": "PutMetricData",
            "Version": "2010-08-01",
            "Namespace": self.task["node"]["metricNamespace"],
        }
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        for number, (name, value) in enumerate(values.items(), 1):
            one = f"MetricData.member.{number}."
            form[one + "MetricName"] = name
            form[one + "Value"] = f"{value:.3f}"
            form[one + "Unit"] = UNITS[name]
            form[one + "Timestamp"] = now
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urllib.parse.urlencode(form).encode()
        self.aws.call("monitoring", "POST", self.aws.url("monitoring"), kind, body)


def main():
    watch = Watch(json.loads(read(RUN + "/task.json")))
    while True:
        began = time.monotonic()
        try:
            watch.turn()
        except Problem as problem:
            watch.tell("publishing", str(problem))
        time.sleep(max(0, EVERY_SECONDS - (time.monotonic() - began)))


if __name__ == "__main__":
    main()
