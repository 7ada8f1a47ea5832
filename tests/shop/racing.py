"""Real processes on a real database: what a race needs, and what threads of one process cannot show."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
SETTINGS = "tests.projects.shop_only.settings"
# The keys of those settings; the whole site's tests make others at random.
STRIPE_KEY = "sk_test_sandbox_" + "0" * 32
WEBHOOK_SECRET = "whsec_" + "0" * 32

PREAMBLE = """
import json, os, sys
import django
from django.conf import settings
django.setup()
given = json.loads(os.environ["RACE"])
settings.STRIPE_SANDBOX_URL = given.get("stripe", "http://127.0.0.1:1")

def ready():
    print("ready", flush=True)
    sys.stdin.readline()
"""


def environment(database_url: str, given: dict[str, Any]) -> dict[str, str]:
    own = {"TEST_DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": SETTINGS, "RACE": json.dumps(given)}
    return {**os.environ, **own, "PYTHONPATH": str(ROOT)}


def run(database_url: str, body: str, **given: Any) -> Any:
    """Run `body` in a process of its own and return what it leaves in `said`."""
    script = PREAMBLE + textwrap.dedent(body) + "\nprint(json.dumps(said))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment(database_url, given),
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def race(database_url: str, processes: int, body: str, **given: Any) -> list[Any]:
    """Run `body` in so many processes at once and return what each leaves in `said`.

    `body` calls `ready()` where it waits until all the others are there too.
    """
    script = PREAMBLE + textwrap.dedent(body) + "\nprint(json.dumps(said))"
    runners = [
        subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=environment(database_url, given),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _number in range(processes)
    ]
    try:
        for runner in runners:
            assert runner.stdout is not None
            assert runner.stdin is not None
            first = runner.stdout.readline().strip()
            assert first == "ready", runner.communicate()[1]
        for runner in runners:
            runner.stdin.write("go\n")  # type: ignore[union-attr]  # asserted above
            runner.stdin.flush()  # type: ignore[union-attr]  # asserted above
        said = []
        for runner in runners:
            out, problems = runner.communicate(timeout=240)
            assert runner.returncode == 0, problems
            said.append(json.loads(out.splitlines()[-1]))
        return said
    finally:
        for runner in runners:
            runner.kill()
            runner.communicate()
