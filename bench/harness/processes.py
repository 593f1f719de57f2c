"""Whole runs of the command: their time and the memory that is theirs alone."""

import os
import time


def spawn(arguments):
    devnull = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    return os.posix_spawn(arguments[0], arguments, os.environ, file_actions=[devnull])


def check(arguments, status):
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"failed: {' '.join(arguments)}")


def seconds_of(arguments):
    """Wall time of a run, from starting it to its end."""
    start = time.perf_counter()
    _, status = os.waitpid(spawn(arguments), 0)
    seconds = time.perf_counter() - start
    check(arguments, status)
    return seconds


def anonymous_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    return 0  # it has ended


def peak_anonymous_bytes(arguments, runs):
    """The most memory, beyond files that are mapped, that any of several runs was seen to hold.

    The kernel keeps no peak of RssAnon alone, so it is looked at all the time while the run
    lasts, some thousand times a second; of several runs the highest counts.
    """
    peak = 0
    for _ in range(runs):
        pid = spawn(arguments)
        ended = 0
        while not ended:
            try:
                peak = max(peak, anonymous_bytes(pid))
            except (FileNotFoundError, ProcessLookupError):
                pass
            ended, status = os.waitpid(pid, os.WNOHANG)
        check(arguments, status)
    return peak
