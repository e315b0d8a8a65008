"""Ships to CloudWatch what the agent and the scripts beside it log; services have theirs shipped by Docker."""

import json
import os
import socket
import time

from agent import RUN, Aws, Problem, log, read, run, write

EVERY_SECONDS = float(os.environ.get("TURNKEY_EVERY_SECONDS", "10"))
CURSOR_FILE = RUN + "/shipped"
# Of PutLogEvents: bytes of a call, and what each line counts beside its own.
CALL_BYTES, LINE_BYTES, MOST_LINES = 1_000_000, 26, 10_000
LONGEST_LINE = 8_192


def batch(journal):
    """As many lines of `journalctl --output=json` as one call takes, and the cursor of the last."""
    events, size, cursor = [], 0, None
    for line in journal.splitlines()[:MOST_LINES]:
        entry = json.loads(line)
        # What is no text is told as numbers.
        text = str(entry.get("MESSAGE") or "-")[:LONGEST_LINE]
        size += len(text.encode()) + LINE_BYTES
        if size > CALL_BYTES:
            break
        events.append({"timestamp": int(entry["__REALTIME_TIMESTAMP"]) // 1000, "message": text})
        cursor = entry["__CURSOR"]
    return events, cursor


class Shipper:
    def __init__(self, node):
        self.aws = Aws(node)
        self.place = {
            "logGroupName": node["logGroup"],
            "logStreamName": f"node/{socket.gethostname()}",
        }
        self.there = False

    def begin(self):
        """Makes the stream, which may be there."""
        try:
            self.aws.ask("logs", "Logs_20140328.CreateLogStream", self.place)
        except Problem as problem:
            if "ResourceAlreadyExists" not in str(problem):
                raise
        self.there = True

    def step(self):
        """Ships what is new since the last time."""
        if not self.there:
            self.begin()
        shipped = (read(CURSOR_FILE) or b"").decode()
        after = [f"--after-cursor={shipped}"] if shipped else ["--boot"]
        journal = run("journalctl", "--unit=turnkey-*", "--output=json", "--quiet", *after)
        events, cursor = batch(journal)
        if events:
            # Of one boot, and so in order of time but where the clock was set back.
            events.sort(key=lambda it: it["timestamp"])
            told = {**self.place, "logEvents": events}
            self.aws.ask("logs", "Logs_20140328.PutLogEvents", told)
            write(CURSOR_FILE, cursor)


def main():
    shipper = Shipper(json.loads(read(RUN + "/task.json"))["node"])
    told = None
    while True:
        try:
            shipper.step()
            told = None
        except Problem as problem:
            if str(problem) != told:
                told = str(problem)
                log("shipping", problem=told)
        time.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    main()
