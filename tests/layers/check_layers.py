#!/usr/bin/env python3
"""Checks that includes only point left along the house, and that ARCHITECTURE.md names its rooms.

A station under src/ may include the public headers, base, kernels, and itself or the stations to
its left. The command and everything outside src/ sees the public headers only. Every folder with
files of the project has to be named in ARCHITECTURE.md.

    check_layers.py [FOLDER]        FOLDER: the root of the project
"""

import re
import subprocess
import sys
from pathlib import Path

# Left to right. A station that is not listed here is an error: give it its place.
STATIONS = ["base", "kernels", "io", "count", "rank", "filter", "tasks", "report"]
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
SOURCES = {".h", ".cpp"}


def includes(path):
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def check_stations(root):
    """Includes between the folders of src/."""
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in SOURCES:
            continue
        station = path.relative_to(root / "src").parts[0]
        if station not in STATIONS:
            yield f"{path}: src/{station} has no place in the order {' < '.join(STATIONS)}"
            continue
        for include in includes(path):
            target = include.split("/")[0]
            if target == "labelsieve":
                if not (root / "include" / include).exists():
                    yield f"{path}: there is no public header {include}"
            elif target not in STATIONS:
                yield f'{path}: "{include}" is in no station; use <…> for other libraries'
            elif STATIONS.index(target) > STATIONS.index(station):
                yield f"{path}: {station} includes {include}, which is to its right"
            elif not (root / "src" / include).exists():
                yield f"{path}: there is no file src/{include}"


def check_public_headers(root):
    """Public headers include public headers only."""
    for path in sorted((root / "include").rglob("*.h")):
        for include in includes(path):
            if not include.startswith("labelsieve/"):
                yield f"{path}: a public header includes {include}, which is not installed"


def check_command(root):
    """The command sees what every other program sees."""
    for path in sorted((root / "cli").rglob("*")):
        if path.suffix not in SOURCES:
            continue
        for include in includes(path):
            if include.split("/")[0] in STATIONS:
                yield f"{path}: the command includes {include}, which is not a public header"


def project_folders(root):
    """Folders that hold files of the project, two levels deep, hidden ones left out."""
    listed = subprocess.run(
        ["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        files = [Path(line) for line in listed.stdout.splitlines()]
    else:  # a source archive
        files = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    folders = set()
    for file in files:
        parts = file.parts[:-1]
        if parts and not parts[0].startswith(".") and parts[0] != "build":
            folders.update("/".join(parts[:depth]) for depth in range(1, min(len(parts), 2) + 1))
    return sorted(folders)


def check_architecture(root):
    """ARCHITECTURE.md names every folder, as `name/` or as a path that ends with it."""
    page = root / "ARCHITECTURE.md"
    if not page.exists():
        yield f"{page}: missing"
        return
    named = set(re.findall(r"[A-Za-z0-9_.-]+(?=/)", page.read_text(encoding="utf-8")))
    named |= set(re.findall(r"`([A-Za-z0-9_.-]+)`", page.read_text(encoding="utf-8")))
    for folder in project_folders(root):
        if folder.split("/")[-1] not in named:
            yield f"{page}: does not name the folder {folder}/"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2]).resolve()
    problems = [problem for check in (check_stations, check_public_headers, check_command,
                                      check_architecture) for problem in check(root)]
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
