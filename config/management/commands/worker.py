"""Do what the web processes leave behind: tasks, sweeps and periodic jobs."""

import logging
import secrets
import signal
import time
import traceback
from argparse import ArgumentParser
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils.module_loading import import_string
from django_tasks_db.management.commands.db_worker import Worker

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run tasks and the periodic jobs of WORKER_JOBS until SIGTERM. Any number of workers may run: every act may happen twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--interval", type=float, default=0.5, help="seconds to rest when nothing is due (default: 0.5)"
        )
        parser.add_argument("--once", action="store_true", help="do what is due now, every job included, and stop")

    def handle(self, *args: Any, interval: float, once: bool, **options: Any) -> None:
        self.is_running = True
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        jobs = [PeriodicJob(path, seconds) for path, seconds in settings.WORKER_JOBS.items()]
        tasks = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=interval,
            batch=True,  # returns when no task is ready
            backend_name="default",
            startup_delay=False,
            max_tasks=20,  # a long queue of tasks must not keep the jobs waiting
            worker_id=secrets.token_hex(8),
        )

        while self.is_running:
            close_old_connections()
            tasks._run_tasks = 0
            guarded("tasks", tasks.run)
            for job in jobs:
                job.run_if_due()
            if once:
                break
            time.sleep(interval)

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self.is_running = False


class PeriodicJob:
    """A function without arguments, named by its dotted path, that is run every so many seconds."""

    def __init__(self, path: str, seconds: float) -> None:
        self.path = path
        self.seconds = seconds
        self.function: Callable[[], object] = import_string(path)
        self.due_at = 0.0

    def run_if_due(self) -> None:
        if time.monotonic() < self.due_at:
            return
        guarded(self.path, self.function)
        self.due_at = time.monotonic() + self.seconds


def guarded(name: str, function: Callable[[], object]) -> None:
    """Call `function`; a failure is logged and left to the next round.

    The log gets the error's class and the lines it came through, not its message: a message can quote a person's words.
    """
    try:
        function()
    except Exception as error:  # noqa: BLE001  one job's failure must not end the others
        lines = "".join(traceback.format_tb(error.__traceback__))
        logger.error("%s failed with %s and will be tried again.\n%s", name, type(error).__name__, lines)
