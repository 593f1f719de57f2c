"""Where results go, and how they look on a terminal."""

import csv
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import time

import numpy as np
import pytest
from conftest import ARRAYS, binary, environment


@pytest.mark.parametrize("ending, form", [
    ("txt", "table"), ("csv", "csv"), ("tsv", "tsv"), ("jsonl", "jsonl"), ("json", "json"),
])
@pytest.mark.parametrize("subcommand", ["find", "score", "health", "joint"])
def test_ending_gives_the_format(run, animals, tmp_path, subcommand, ending, form):
    result = run(subcommand, animals, "-o", f"out.{ending}")
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr.endswith(f"Written to out.{ending}.\n")
    assert len(result.stderr.splitlines()) == 1
    shown = run(subcommand, animals, "--format", form)
    assert (tmp_path / f"out.{ending}").read_text(encoding="utf-8") == shown.stdout


def test_quiet_says_nothing(run, animals):
    result = run("find", animals, "-o", "out.csv", "-q")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_cells_are_quoted(run, tmp_path):
    texts = ['plain', 'a,b', 'say "no"', 'two\nlines', 'tab\there', 'cr\rhere', '']
    rows = [[text, "a", "0.1", "0.9"] for text in texts]
    rows += [["", "a", "0.9", "0.1"]] * 9 + [["", "b", "0.1", "0.9"]] * 9
    with (tmp_path / "x.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "label", "p_a", "p_b"])
        writer.writerows(rows)
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        assert run("score", "x.csv", "-o", f"out.{form}").returncode == 0
        with (tmp_path / f"out.{form}").open(newline="") as stream:
            read = list(csv.DictReader(stream, delimiter=delimiter))
        assert [row["text"] for row in read] == [row[0] for row in rows]
    lines = run("score", "x.csv", "--format", "jsonl").stdout.split("\n")[:-1]
    assert [json.loads(line)["text"] for line in lines] == [row[0] for row in rows]


def test_malformed_text_is_valid_json_and_safe_in_a_table(run, tmp_path):
    (tmp_path / "x.csv").write_bytes(
        b"text,label,p_a,p_b\n" + b"\xff\x1b[31mred,a,0.1,0.9\n" + b",a,0.9,0.1\n" * 9 +
        b",b,0.1,0.9\n" * 9)
    row = json.loads(run("find", "x.csv", "--format", "jsonl").stdout)
    assert row["text"] == "\ufffd\x1b[31mred"
    table = run("find", "x.csv").stdout
    assert "\x1b" not in table and "\ufffd\ufffd[31mred" in table


def test_numbers_read_back_exactly(run, arrays):
    _, pred_probs = arrays
    shown = run("score", *ARRAYS, "--method", "self_confidence", "--format", "jsonl").stdout
    rows = [json.loads(line) for line in shown.split()]
    assert [row["suggested_prob"] for row in rows] == pred_probs.max(axis=1).tolist()


def test_existing_file_is_replaced_whole(run, animals, tmp_path):
    (tmp_path / "out.csv").write_text("x" * 100_000)
    assert run("find", animals, "-o", "out.csv").returncode == 0
    assert (tmp_path / "out.csv").read_text().startswith("rank,index")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["animals.csv", "out.csv"]


def on_terminal(arguments, cwd, columns, **env):
    """Both streams of a run on a pseudo-terminal of that width."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen([binary(), *arguments], cwd=cwd, stdin=slave, stdout=slave,
                               stderr=slave, env=environment(**env))
    os.close(slave)
    output = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
    os.close(master)
    return process.wait(), output.decode().replace("\r\n", "\n")


def test_terminal_gets_colours(animals, tmp_path):
    code, output = on_terminal(["find", animals], tmp_path, 120)
    assert code == 0
    assert "\x1b[31mbird\x1b[0m" in output and "\x1b[32mdog\x1b[0m" in output


@pytest.mark.parametrize("arguments, env", [
    (["--no-color"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"}),
])
def test_colours_can_be_refused(animals, tmp_path, arguments, env):
    _, output = on_terminal(["find", animals, *arguments], tmp_path, 120, **env)
    assert "\x1b" not in output and "bird" in output


@pytest.mark.parametrize("columns", [80, 100, 140])
def test_table_fits_the_terminal(animals, tmp_path, columns):
    _, output = on_terminal(["find", animals, "--no-color"], tmp_path, columns)
    table = output.split("\n\n")[0].splitlines()
    wide = [line.replace("犬が走っている", "x" * 14) for line in table]
    assert max(map(len, wide)) <= columns
    assert any("…" in line for line in table) == (columns < 140)
    assert any("given_label" in line for line in table) == (columns >= 140)
    # A narrow table has no self-confidence beside the label quality.
    assert any("confidence" in line for line in table) == (columns >= 100)


def test_quick_work_draws_no_progress(animals, tmp_path):
    _, output = on_terminal(["find", animals, "-o", "x.csv"], tmp_path, 80)
    assert "\x1b[K" not in output and "\r" not in output


def test_pipe_width_follows_columns(run, animals):
    wide = run("find", animals).stdout
    narrow = run("find", animals, env={"COLUMNS": "80"}).stdout
    assert "given_label  suggested_label" in wide
    assert max(map(len, narrow.split("\n\n")[0].splitlines())) <= 80


def test_closed_pipe_ends_quietly(arrays, tmp_path):
    np.save(tmp_path / "labels.npy", np.tile(arrays[0], 500))
    np.save(tmp_path / "pred_probs.npy", np.tile(arrays[1], (500, 1)))
    process = subprocess.Popen([binary(), "score", *ARRAYS, "--format", "csv"], cwd=tmp_path,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == -signal.SIGPIPE


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("before", [None, "what was there"])
def test_interrupt_leaves_no_half_file(arrays, tmp_path, number, before):
    """Interrupts in the middle of writing: as soon as a temporary file shows up."""
    data = tmp_path / "data"
    out = tmp_path / "out"
    data.mkdir()
    out.mkdir()
    np.save(data / "labels.npy", np.tile(arrays[0], 3000))
    np.save(data / "pred_probs.npy", np.tile(arrays[1], (3000, 1)))
    for _ in range(10):
        if before is not None:
            (out / "x.csv").write_text(before)
        there = set(os.listdir(out))
        process = subprocess.Popen([binary(), "score", *ARRAYS, "-o", str(out / "x.csv")],
                                   cwd=data, stderr=subprocess.PIPE, env=environment())
        while process.poll() is None:
            if any(name not in there and (out / name).stat().st_size > 0
                   for name in os.listdir(out) if (out / name).exists()):
                break
            time.sleep(0.001)
        process.send_signal(number)
        if process.wait(timeout=60) == -number:
            break
        (out / "x.csv").unlink()
    assert process.returncode == -number
    assert process.stderr.read() == b""
    assert set(os.listdir(out)) == there
    if before is not None:
        assert (out / "x.csv").read_text() == before


def test_interrupt_while_reading(tmp_path):
    process = subprocess.Popen([binary(), "find", "-", "--input-format", "csv", "-o", "x.csv"],
                               cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=environment())
    process.stdin.write(b"label,p_a,p_b\na,0.5,0.5\n")
    process.stdin.flush()
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == -signal.SIGINT
    assert os.listdir(tmp_path) == []
