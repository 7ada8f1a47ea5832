"""Each app alone, in a stock Wagtail project with nothing else of ours."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("blog", "shop", "journal")


def run(app: str, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": f"tests.projects.{app}_only.settings"}
    if "pytest" in command and "postgres" in environment.get("TEST_DATABASE_URL", ""):
        # A test database of its own: the tests that run this one would find theirs gone.
        environment["TEST_DATABASE_URL"] = f"{environment['TEST_DATABASE_URL'].rpartition('/')[0]}/{app}_alone"
    return subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


# One process for both: starting Django costs more than either.
CHECK = """
import django
from django.core.management import call_command
django.setup()
call_command("check", fail_level="WARNING")
call_command("makemigrations", check_changes=True, dry_run=True)
"""


@pytest.mark.parametrize("app", APPS)
def test_an_app_alone_passes_the_checks_and_lacks_no_migration(app: str) -> None:
    done = run(app, "-c", CHECK)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("app", APPS)
def test_an_app_alone_passes_its_own_tests(app: str) -> None:
    tested = run(app, "-m", "pytest", "-q", f"tests/{app}", f"--ds=tests.projects.{app}_only.settings")

    assert tested.returncode == 0, tested.stdout[-6000:]


@pytest.mark.parametrize("app", APPS)
def test_an_apps_templates_and_scripts_name_no_other_app(app: str) -> None:
    others = [f"anahata_{other}" for other in (*APPS, "home", "accounts") if other != app]

    named = [
        f"{path.relative_to(ROOT)}: {other}"
        for folder in (ROOT / "templates" / f"anahata_{app}", ROOT / "static" / f"anahata_{app}", ROOT / app)
        for path in folder.rglob("*")
        if path.suffix in {".html", ".txt", ".js", ".css", ".py"}
        for other in others
        if other in path.read_text()
    ]

    assert named == []
