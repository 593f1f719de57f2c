"""The console script ``labelsieve``: becomes the command that the wheel carries.

Files that the program does not read (Parquet, Arrow, saved datasets) are converted first; then it
runs as a child, and the converted files are removed behind it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from types import FrameType

# Options whose value is a file to read, in the order of their positions on the command line.
_INPUTS = ("--labels", "--pred-probs")
_OUTPUTS = ("-o", "--output")
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Runs the command in place of this process, or where files are converted, as its child."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "labelsieve")
    arguments = sys.argv[1:]
    places = _columnar_places(arguments)
    try:
        if places:
            return _run_converted(program, arguments, places)
        os.execv(program, ["labelsieve", *arguments])
    except OSError as error:
        print(f"labelsieve: cannot run {program}: {error.strerror}", file=sys.stderr)
    return 2


def _columnar_places(arguments: list[str]) -> list[int]:
    """Where the arguments are that have to be converted."""
    endings = (".parquet", ".pq", ".arrow", ".feather", ".ipc")
    places = []
    for place, argument in enumerate(arguments):
        if place > 0 and arguments[place - 1] in _OUTPUTS:
            continue
        path = argument.partition("=")[2] if argument.startswith(_with_equals()) else argument
        if path.lower().endswith(endings) or os.path.isdir(path):
            places.append(place)
    if not places:
        return []  # the usual case costs no import
    from labelsieve._columnar import is_columnar

    return [place for place in places if is_columnar(arguments[place].rpartition("=")[2])]


def _with_equals() -> tuple[str, ...]:
    return tuple(f"{name}=" for name in _INPUTS)


def _run_converted(program: str, arguments: list[str], places: list[int]) -> int:
    from labelsieve._columnar import ColumnarError

    inputs = [arguments[place].rpartition("=")[2] for place in places]
    for number in _SIGNALS:  # so that the folder is removed
        signal.signal(number, _leave)
    try:
        with tempfile.TemporaryDirectory(prefix="labelsieve-") as folder:
            code = _run(program, _converted(arguments, places, folder))
    except ColumnarError as error:
        print(f"labelsieve: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    if code == 2:  # its message names converted files
        for path in inputs:
            name = os.path.basename(os.path.normpath(path))
            print(
                f"labelsieve: note: {name}.jsonl and {name}.npy held the rows of {path}",
                file=sys.stderr,
            )
    return code


def _converted(arguments: list[str], places: list[int], folder: str) -> list[str]:
    """The arguments with converted files, and with what the files say beside the columns."""
    from labelsieve._columnar import convert

    given = {argument.partition("=")[0] for argument in arguments}
    takes_matrix = not given & {"--pred-probs", "--prob-columns"}
    arguments = list(arguments)
    more: list[str] = []
    for number, place in enumerate(places):
        option, equals, path = arguments[place].rpartition("=")
        of_labels = option == "--labels" or (place > 0 and arguments[place - 1] == "--labels")
        target = os.path.join(folder, str(number))
        os.mkdir(target)
        columns, matrix, names = convert(path, target, splits=takes_matrix and not of_labels)
        arguments[place] = option + equals + columns
        if matrix is not None:
            more += ["--pred-probs", matrix]
        if names is not None and "--class-names" not in given and "--class-names" not in more:
            more += ["--class-names", _names_file(target, names)]
    return arguments + more


def _names_file(folder: str, names: list[str]) -> str:
    import json

    path = os.path.join(folder, "class_names.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(names, file)
    return path


def _run(program: str, arguments: list[str]) -> int:
    child = subprocess.Popen(["labelsieve", *arguments], executable=program)
    try:
        code = child.wait()
    except KeyboardInterrupt:  # the child has it too
        child.wait()
        raise
    except SystemExit:
        child.terminate()
        child.wait()
        raise
    return 128 - code if code < 0 else code


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
