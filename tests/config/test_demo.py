"""The demo command as a newcomer meets it: refusals in one line, and processes that live and die together."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def demo(*arguments: str, data: Path, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    environment = {**os.environ, "ANAHATA_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", *arguments], cwd=ROOT, env=environment,
        stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def said_by(process: subprocess.Popen[str], typed: str | None = None) -> list[str]:
    """Return the lines of a demo that refuses."""
    out, _ = process.communicate(typed, timeout=60)
    assert process.returncode != 0, out
    return out.strip().splitlines()


def test_a_busy_port_gets_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        lines = said_by(demo("--port", str(port), data=tmp_path))

    assert len(lines) == 1
    assert f"Port {port} is in use" in lines[0]
    assert "--port" in lines[0]


def test_a_folder_that_cannot_be_written_gets_one_clear_line(tmp_path: Path) -> None:
    in_the_way = tmp_path / "a-file"
    in_the_way.touch()

    lines = said_by(demo(data=in_the_way / "data"))

    assert len(lines) == 1
    assert "cannot be written" in lines[0]
    assert "ANAHATA_DATA_DIR" in lines[0]


def test_starting_anew_with_nobody_to_ask_deletes_nothing(tmp_path: Path) -> None:
    (tmp_path / "anahata.sqlite3").write_text("kept")

    lines = said_by(demo("--fresh", "--port", "18650", data=tmp_path))

    assert "--no-input" in lines[-1]
    assert (tmp_path / "anahata.sqlite3").read_text() == "kept"


@pytest.mark.parametrize("typed", ["\n", "y\n"])
def test_starting_anew_asks_and_takes_nothing_but_yes(tmp_path: Path, typed: str) -> None:
    (tmp_path / "anahata.sqlite3").write_text("kept")

    lines = said_by(demo("--fresh", "--port", "18650", data=tmp_path, stdin=subprocess.PIPE), typed)

    assert str(tmp_path) in lines[0]
    assert "Nothing was deleted." in lines[-1]
    assert (tmp_path / "anahata.sqlite3").read_text() == "kept"


def test_a_python_that_is_too_old_is_told_so_in_one_line() -> None:
    older = "import runpy, sys; sys.version_info = (3, 10, 14); sys.argv = ['manage.py', 'demo']; runpy.run_path('manage.py', run_name='__main__')"

    done = subprocess.run([sys.executable, "-c", older], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_python_without_the_install_gets_the_install_line(tmp_path: Path) -> None:
    bare = [sys.executable, "-I", "-S", "manage.py", "demo"]

    done = subprocess.run(bare, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 1
    assert "pip install -c constraints.txt" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that the demos of this module share: its database is made once."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def start(data: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], str]]]:
    """Return a function that starts the demo, waits until it is open and returns what it said; it ends with the test."""
    running: list[subprocess.Popen[str]] = []

    def started(*arguments: str) -> tuple[subprocess.Popen[str], str]:
        process = demo("--port", "18660", *arguments, data=data)
        running.append(process)
        lines = []
        assert process.stdout
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                return process, "".join(lines)
        raise AssertionError("".join(lines))

    yield started
    for process in running:
        if process.poll() is None:
            process.terminate()
            process.wait(30)
        if process.stdout:
            process.stdout.close()


def children(process: subprocess.Popen[str]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in listed.split()]


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_children(
    start: Callable[..., tuple[subprocess.Popen[str], str]], number: signal.Signals
) -> None:
    process, _ = start()
    three = children(process)

    process.send_signal(number)
    process.wait(30)

    assert len(three) == 3
    assert process.returncode == 0
    assert [pid for pid in three if is_alive(pid)] == []


@pytest.mark.slow
def test_a_child_that_dies_is_said_and_ends_the_rest(start: Callable[..., tuple[subprocess.Popen[str], str]]) -> None:
    process, _ = start()
    three = children(process)
    worker = next(pid for pid in three if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"))

    os.kill(worker, signal.SIGKILL)
    out = process.communicate(timeout=30)[0]

    assert process.returncode == 1
    assert "The worker stopped by itself" in out
    assert [pid for pid in three if is_alive(pid)] == []


@pytest.mark.slow
def test_a_second_demo_on_the_same_folder_is_refused(
    start: Callable[..., tuple[subprocess.Popen[str], str]], data: Path
) -> None:
    start()

    lines = said_by(demo("--port", "18670", data=data))

    assert len(lines) == 1
    assert "running on" in lines[0]


@pytest.mark.slow
def test_it_says_where_it_is_and_what_to_try(start: Callable[..., tuple[subprocess.Popen[str], str]]) -> None:
    _, said = start()

    told = [
        said.index(words)
        for words in ("http://localhost:18660\n", "/blog/", "/admin/", "/_mail/", "/shop/", "/journal/")
    ]
    assert told == sorted(told)
    assert "admin@localhost" in said


@pytest.mark.slow
def test_starting_again_keeps_the_keys_and_starting_anew_makes_others(
    start: Callable[..., tuple[subprocess.Popen[str], str]], data: Path
) -> None:
    def keys_after(*arguments: str) -> dict[str, str]:
        process, _ = start(*arguments)
        found = {path.name: path.read_text() for path in (data / "keys").iterdir()}
        process.terminate()
        process.wait(30)
        return found

    first, again = keys_after(), keys_after()
    (data / "mail").mkdir(exist_ok=True)
    (data / "mail" / "old.eml").touch()
    anew = keys_after("--fresh", "--no-input")

    assert first == again
    assert set(anew) == set(first)
    assert [name for name in anew if anew[name] == first[name]] == []
    assert not (data / "mail" / "old.eml").exists()
