"""Tell the worker that something waits. This module imports no task, so that every rule may use it."""

from django.db import transaction
from django.dispatch import Signal

work_waiting = Signal()


def wake() -> None:
    """Send `work_waiting` once the transaction is committed; what waits is a row, so a lost signal only costs time."""
    transaction.on_commit(_announce, robust=True)


def _announce() -> None:
    work_waiting.send_robust(sender=None)
