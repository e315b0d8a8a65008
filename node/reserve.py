"""A reserve of disk: it is given up while the disk is full, as the engine starts nothing that it cannot write down."""

import os
import shutil

from agent import KEPT, log

FILE = KEPT + "/reserve"
BYTES = 64 * 1024 * 1024
# So little is left that it is given up, and so much that it is taken again.
LEAST_BYTES = BYTES // 4
ENOUGH_BYTES = BYTES * 4


def wanted(there, free):
    """Whether it is to be there from now on, by the bytes that are free beside it: pure."""
    return free >= (LEAST_BYTES if there else ENOUGH_BYTES)


def look():
    """Takes it, or gives it up, as the disk is; what cannot be done is told, and is no reason to stop."""
    try:
        os.makedirs(KEPT, 0o700, exist_ok=True)
        there, free = os.path.exists(FILE), shutil.disk_usage(KEPT).free
        if wanted(there, free) == there:
            return
        if there:
            os.remove(FILE)
        else:
            with open(FILE, "wb") as file:
                os.posix_fallocate(file.fileno(), 0, BYTES)
        log("reserve of disk", held=not there, free=free)
    except OSError as error:
        log("no reserve of disk", problem=str(error))
