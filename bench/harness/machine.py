"""What a table must say of the machine and the build that it was measured with."""

import os
import re
import subprocess
from pathlib import Path


def first_match(pattern, path):
    found = re.search(pattern, Path(path).read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1).strip() if found else "unknown"


def compiler(build):
    path = first_match(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", build / "CMakeCache.txt")
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
    return version.stdout.splitlines()[0]


def describe(build):
    memory = int(first_match(r"^MemTotal:\s+(\d+) kB$", "/proc/meminfo"))
    return {
        "Processor": first_match(r"^model name\s*: (.*)$", "/proc/cpuinfo"),
        "Cores": str(os.cpu_count()),
        "Memory": f"{memory / 2**20:.0f} GiB",
        "Compiler": compiler(build),
    }


def load():
    """Runnable processes over the last minute: how quiet the machine was."""
    return os.getloadavg()[0]
