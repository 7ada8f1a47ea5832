"""The keys a development machine makes for itself."""

import base64
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.local_keys import local_key

ROOT = Path(__file__).resolve().parents[2]

# Waits for the starting file, so that all processes ask at the same moment.
RACER = """
import sys, time
from pathlib import Path
from config.local_keys import local_key
folder = Path(sys.argv[1])
while not (folder / "go").exists():
    time.sleep(0.001)
print(local_key(folder, "django"))
"""


def test_a_key_is_random_and_stays(tmp_path: Path) -> None:
    first = local_key(tmp_path / "one", "django")
    again = local_key(tmp_path / "one", "django")
    elsewhere = local_key(tmp_path / "two", "django")
    other = local_key(tmp_path / "one", "journal")

    assert first == again
    assert len({first, elsewhere, other}) == 3
    assert len(base64.urlsafe_b64decode(first)) == 32


def test_a_key_is_read_by_its_owner_only(tmp_path: Path) -> None:
    local_key(tmp_path / "data", "django")

    assert stat.S_IMODE((tmp_path / "data" / "keys" / "django").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data" / "keys").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "data" / "keys").iterdir()] == ["django"]


def test_a_key_may_have_a_prefix(tmp_path: Path) -> None:
    assert local_key(tmp_path, "stripe", prefix="sk_test_sandbox_").startswith("sk_test_sandbox_")


def test_eight_processes_at_once_agree_on_one_key(tmp_path: Path) -> None:
    racers = [
        subprocess.Popen([sys.executable, "-c", RACER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(8)
    ]

    (tmp_path / "go").touch()
    keys = {racer.communicate(timeout=60)[0].strip() for racer in racers}

    assert len(keys) == 1
    assert keys == {local_key(tmp_path, "django")}
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["django"]


def test_a_folder_that_cannot_be_written_ends_the_start_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, no folder")

    with pytest.raises(SystemExit, match=r"data cannot be written .* ANAHATA_DATA_DIR"):
        local_key(tmp_path / "data", "django")
