"""The command refuses what is not a practice on this machine, and runs until told to stop."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from shop.management.commands.stripe_sandbox import Command
from tests.shop.sandbox.conftest import KEY, Reply, request

ROOT = Path(__file__).resolve().parents[3]
WEBHOOK = "http://127.0.0.1:8000/stripe/webhook/"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("STRIPE_SANDBOX_URL", "", "STRIPE_SANDBOX_URL asks for it"),
        ("STRIPE_SANDBOX_URL", "http://192.168.0.7:8001", "is not an http:// address of this machine"),
        ("STRIPE_SANDBOX_URL", "https://api.stripe.com", "is not an http:// address of this machine"),
        ("STRIPE_SECRET_KEY", "sk_test_" + "0" * 24, "only a key of its own"),
        ("STRIPE_SECRET_KEY", "", "only a key of its own"),
    ],
)
def test_it_refuses_to_start(settings: Any, name: str, value: str, words: str) -> None:
    setattr(settings, name, value)

    with pytest.raises(CommandError, match=re.escape(words)):
        Command().server(None, WEBHOOK)


def test_events_to_another_machine_are_refused(settings: Any) -> None:
    with pytest.raises(CommandError, match="not an http:// address of this machine"):
        Command().server(8001, "https://shop.example/stripe/webhook/")


def test_a_busy_port_is_one_clear_line(settings: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"^Port {port} is in use. Choose another with --port"):
            call_command("stripe_sandbox", port=port)


def test_a_store_that_cannot_be_written_is_one_clear_line(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.STRIPE_SANDBOX_STORE = tmp_path / "file" / "stripe.sqlite3"

    with pytest.raises(CommandError, match="cannot write its store"):
        Command().server(1024, WEBHOOK)


def test_a_store_that_is_no_database_is_one_clear_line(settings: Any, tmp_path: Path) -> None:
    settings.STRIPE_SANDBOX_STORE = tmp_path / "stripe.sqlite3"
    settings.STRIPE_SANDBOX_STORE.write_text("not a database, but long enough to be looked at as one" * 20)

    with pytest.raises(CommandError, match="Delete that file to begin anew"):
        Command().server(1024, WEBHOOK)


def test_it_runs_until_it_is_told_to_stop() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = (
        "from django.conf import settings; "
        f"settings.configure(STRIPE_SANDBOX_URL='http://127.0.0.1:{port}', STRIPE_SECRET_KEY='{KEY}', STRIPE_WEBHOOK_SECRETS=['whsec_x']); "
        "from django.core.management import call_command; "
        "from shop.management.commands.stripe_sandbox import Command; "
        "call_command(Command())"
    )
    child = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        env={**os.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert child.stdout is not None
        line = child.stdout.readline()
        reply: Reply = request(f"http://127.0.0.1:{port}/v1/account", Authorization=f"Bearer {KEY}")

        child.send_signal(signal.SIGTERM)
        rest, _ = child.communicate(timeout=10)
    finally:
        child.kill()

    assert line == f"Local Stripe: http://127.0.0.1:{port} – events go to {WEBHOOK}\n"
    assert reply.status == 200
    assert (child.returncode, rest) == (0, "")
