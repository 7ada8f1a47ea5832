"""The whole site on this machine, from one command: web, worker and the local Stripe."""

import contextlib
import fcntl
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Site

from accounts.staff import ensure_superuser
from config.env import BASE_DIR, DATA_DIR

ADMIN = "admin@localhost"
# What --fresh deletes: everything that a demo writes, keys included.
DATA = ("anahata.sqlite3*", "stripe-sandbox.sqlite3*", "mail", "media", "keys")

WELCOME = """
Anahata is open:  {url}

  1  Read the article and leave a comment      {url}/blog/heart-chakra-imbalances-and-trust-issues/
  2  Sign in to the admin and approve it       {url}/admin/   as {admin}
     The sign-in code arrives by mail          {url}/_mail/
  3  Buy the bundle, with practice money       {url}/shop/
  4  Open your journal and write               {url}/journal/

Everything is kept in {data}; start anew with --fresh. Stop with Ctrl-C.
"""


class Command(BaseCommand):
    help = "Prepare the database and the first content, then run web, worker and the local Stripe until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port",
            type=int,
            default=8000,
            help="the site's port; the local Stripe takes the next one (default: 8000)",
        )
        parser.add_argument("--fresh", action="store_true", help="delete the demo's data first, after asking")
        parser.add_argument("--no-input", action="store_true", help="with --fresh: do not ask")

    def handle(self, *args: Any, port: int, fresh: bool, no_input: bool, **options: Any) -> None:
        if not settings.STRIPE_SANDBOX_URL:
            raise CommandError(
                "The demo takes practice money only. Run it with DJANGO_SETTINGS_MODULE=config.settings.dev."
            )
        if not 1 <= port <= 65534:
            raise CommandError("--port takes a number from 1 to 65534; the local Stripe takes the next one.")
        with self.only_demo_here():
            for number in (port, port + 1):
                self.refuse_busy(number)
            if fresh:
                self.start_anew(ask=not no_input)
            try:
                self.prepare(port)
            except KeyboardInterrupt:
                raise CommandError("Stopped. Run it again: what is done is kept.") from None
            self.run_children(port)

    @contextlib.contextmanager
    def only_demo_here(self) -> Iterator[None]:
        """Hold the data folder; two demos on one folder would share a database but not a Stripe."""
        try:
            lock = (DATA_DIR / "demo.lock").open("w")
        except OSError as error:
            raise CommandError(
                f"{DATA_DIR} cannot be written ({error.strerror}). Name another folder in ANAHATA_DATA_DIR."
            ) from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise CommandError(
                    f"A demo is running on {DATA_DIR} already. Stop it, or name another folder in ANAHATA_DATA_DIR."
                ) from error
            yield

    def refuse_busy(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError as error:
                raise CommandError(
                    f"Port {port} is not for ordinary programs. Choose one above 1023, such as --port 8100."
                ) from error
            except OSError as error:
                raise CommandError(
                    f"Port {port} is in use. Choose another with --port, such as --port {port + 100 if port < 65000 else 8100}."
                ) from error

    def start_anew(self, *, ask: bool) -> None:
        if ask:
            self.stdout.write(f"This deletes the demo's articles, orders, mails, journals and keys in {DATA_DIR}.")
            try:
                answer = input('Type "yes" to go on: ')
            except EOFError:
                raise CommandError("Nobody is there to ask. Add --no-input to delete without asking.") from None
            if answer.strip().lower() != "yes":
                raise CommandError("Nothing was deleted.")
        connections.close_all()
        for path in (path for pattern in DATA for path in DATA_DIR.glob(pattern)):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        # The keys of this process are those that were just deleted: go on in a new one.
        os.execv(sys.executable, [sys.executable, *(arg for arg in sys.argv if arg not in {"--fresh", "--no-input"})])  # noqa: S606

    def prepare(self, port: int) -> None:
        executor = MigrationExecutor(connection)
        todo = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if todo:
            call_command("migrate", interactive=False, stdout=MigrationProgress(todo, self.stdout), no_color=True)
        call_command("createcachetable")
        self.stdout.write("Loading the first content")
        call_command("load_first_content", stdout=self.stdout)
        ensure_superuser(ADMIN)
        # Mails and feeds take their addresses from here; an owner's own host name is left alone.
        Site.objects.filter(is_default_site=True, hostname="localhost").exclude(port=port).update(port=port)
        Site.clear_site_root_paths_cache()
        connections.close_all()

    def run_children(self, port: int) -> None:
        stripe = f"http://127.0.0.1:{port + 1}"
        environment = {
            **os.environ,
            "ANAHATA_DATA_DIR": str(DATA_DIR),
            "DEBUG": os.environ.get("DEBUG", "0"),
            "PUBLIC_URL": f"http://localhost:{port}",
            "PYTHONUNBUFFERED": "1",
            "STRIPE_SANDBOX_URL": stripe,
        }
        manage = [sys.executable, str(BASE_DIR / "manage.py")]
        commands = {
            "The local Stripe": [
                *manage,
                "stripe_sandbox",
                "--port",
                str(port + 1),
                "--webhook-url",
                f"http://127.0.0.1:{port}/stripe/webhook/",
            ],
            "The worker": [*manage, "worker"],
            "The web server": [
                sys.executable,
                "-m",
                "gunicorn",
                "config.wsgi",
                "--bind",
                f"127.0.0.1:{port}",
                "--workers",
                "1",
                "--threads",
                "8",
                "--log-level",
                "warning",
                "--graceful-timeout",
                "5",
                "--chdir",
                str(BASE_DIR),
            ],
        }
        with Children(commands, environment) as children:
            self.stdout.write("Starting web, worker and the local Stripe")
            children.wait_for(f"http://127.0.0.1:{port}/healthz")
            if not children.is_stopping:
                self.stdout.write(WELCOME.format(url=f"http://localhost:{port}", admin=ADMIN, data=DATA_DIR))
                self.stdout.flush()
            died = children.watch()
        if died:
            raise CommandError(f"{died} stopped by itself, so the others were stopped too. Its last words stand above.")
        self.stdout.write("Stopped. Everything is kept; run it again to go on.")


class MigrationProgress(io.TextIOBase):
    """Counts what `migrate` says it applies, on one line of a terminal, every fiftieth elsewhere."""

    def __init__(self, total: int, out: Any) -> None:
        self.total = total
        self.out = out
        self.done = 0

    def write(self, text: str) -> int:
        if "Applying " in text:
            self.done += 1
            line = f"Making the database: {self.done} of {self.total} steps"
            if self.out.isatty():
                self.out.write(f"\r{line}", ending="\n" if self.done == self.total else "")
                self.out.flush()
            elif self.done % 50 == 0 or self.done == self.total:
                self.out.write(line)
                self.out.flush()
        return len(text)


class Children:
    """Processes that live and die together."""

    def __init__(self, commands: dict[str, list[str]], environment: dict[str, str]) -> None:
        self.commands = commands
        self.environment = environment
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.is_stopping = False

    def __enter__(self) -> "Children":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        for name, command in self.commands.items():
            # A session of its own: Ctrl-C reaches the parent only, which then ends each child in order.
            self.processes[name] = subprocess.Popen(command, env=self.environment, start_new_session=True)  # noqa: S603
        return self

    def __exit__(self, *exception: object) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + 10
        for process in self.processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def dead(self) -> str | None:
        """Return the name of a child that has ended, or None."""
        return next((name for name, process in self.processes.items() if process.poll() is not None), None)

    def wait_for(self, url: str, seconds: float = 60) -> None:
        """Return once `url` answers, a child has died or a signal came."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.is_stopping and not self.dead():
            with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310  our own loopback address
                return
            time.sleep(0.1)

    def watch(self) -> str | None:
        """Wait until a signal comes (None) or a child ends by itself (its name)."""
        while not self.is_stopping:
            if died := self.dead():
                return died
            time.sleep(0.2)
        return None
