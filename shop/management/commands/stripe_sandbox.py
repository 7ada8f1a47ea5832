"""Run the local Stripe as a process of its own, for development."""

import contextlib
import errno
import signal
import sqlite3
import threading
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from ... import conf
from ...stripe_sandbox.barriers import NotLocal, require_loopback_url
from ...stripe_sandbox.server import SandboxServer


class Command(BaseCommand):
    help = "Stand in for Stripe on this machine: practice payments, no money. Development only."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="where to listen (default: the port in STRIPE_SANDBOX_URL)")
        parser.add_argument(
            "--webhook-url",
            default="http://127.0.0.1:8000/stripe/webhook/",
            help="where events are delivered, on this machine (default: %(default)s)",
        )

    def handle(self, *args: Any, port: int | None, webhook_url: str, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        with contextlib.closing(self.server(port, webhook_url)) as server:
            self.stdout.write(f"Local Stripe: {server.url} – events go to {webhook_url}")
            self.stdout.flush()
            stop.wait()

    def server(self, port: int | None, webhook_url: str) -> SandboxServer:
        """Return a listening server, or raise CommandError with the cure."""
        url, store = conf.stripe_sandbox_url(), conf.stripe_sandbox_store()
        if not url:
            raise CommandError(
                "The local Stripe runs only where STRIPE_SANDBOX_URL asks for it, which production refuses."
            )
        if port is not None and not 1 <= port <= 65535:
            raise CommandError("--port takes a number from 1 to 65535.")
        try:
            require_loopback_url(url)
            address = urlsplit(url)
            port = port or address.port or 80
            return SandboxServer(
                secret_key=conf.stripe_secret_key(),
                webhook_secrets=conf.stripe_webhook_secrets(),
                webhook_url=webhook_url,
                store=store,
                host=address.hostname or "",
                port=port,
            ).start()
        except NotLocal as error:
            raise CommandError(str(error)) from error
        except sqlite3.Error as error:
            raise CommandError(
                f"The local Stripe cannot use its store {store}: {error}. Delete that file to begin anew."
            ) from error
        except OSError as error:
            raise CommandError(_cure(error, port, store)) from error


def _cure(error: OSError, port: int | None, store: object) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Choose another with --port, and the same in STRIPE_SANDBOX_URL."
    if error.filename:
        return f"The local Stripe cannot write its store {store}: {error.strerror}."
    return f"The local Stripe cannot listen on port {port}: {error.strerror}."
