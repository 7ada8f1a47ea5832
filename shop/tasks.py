"""What the worker does: handle Stripe's events, send mails, end overdue checkouts.

A task is only the wake-up call. What must happen is a row, so a lost task costs time and nothing else.
"""

import logging
from collections.abc import Callable
from typing import Any

from . import expiry, mails, webhooks
from .stripe_client import PaymentError
from .wake import work_waiting

try:
    from django.tasks import task
except ImportError:  # Django 5.2
    from django_tasks import task  # type: ignore[no-redef]  # the same, under its older name

logger = logging.getLogger(__name__)


@task()
def sweep() -> None:
    """Do everything that waits."""
    sweep_now()


def sweep_now() -> None:
    """Do everything that waits; to be called every half minute as well, for what was missed. Safe to run many times at once."""
    failures = [
        *_each(webhooks.waiting(), webhooks.handle),
        *_each(expiry.overdue(), expiry.end),
        *_each(mails.waiting(), mails.send),
    ]
    if failures:
        raise ExceptionGroup("Some of what waits failed; it is tried again.", failures)


def _each(rows: list[int], act: Callable[[int], None]) -> list[Exception]:
    failures: list[Exception] = []
    for row in rows:
        try:
            act(row)
        except PaymentError as error:
            logger.warning("Stripe: %s; tried again later.", error)
        except Exception as error:  # noqa: BLE001  # one bad row must not stop the others; raised again at the end
            logger.error("%s of row %s failed: %s", act.__name__, row, type(error).__name__)
            failures.append(error)
    return failures


def _enqueue(sender: Any, **kwargs: Any) -> None:
    sweep.enqueue()


work_waiting.connect(_enqueue, dispatch_uid=f"{__name__}.sweep")
