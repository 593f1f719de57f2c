"""The console script ``labelsieve``: becomes the command that the wheel carries."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Runs the command in place of this process; returns only when it cannot."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "labelsieve")
    try:
        os.execv(program, ["labelsieve", *sys.argv[1:]])
    except OSError as error:
        print(f"labelsieve: cannot run {program}: {error.strerror}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
