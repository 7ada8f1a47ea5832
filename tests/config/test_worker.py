"""The worker: tasks and periodic jobs, of which none keeps the others waiting or ends them."""

import logging
from typing import Any

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from config.management.commands.worker import PeriodicJob
from shop.tasks import sweep

pytestmark = pytest.mark.django_db(transaction=True)  # the worker closes connections between rounds
RAN: list[str] = []
WORDS = "what somebody wrote"


def first() -> None:
    RAN.append("first")


def failing() -> None:
    raise ValueError(WORDS)


def last() -> None:
    RAN.append("last")


@pytest.fixture(autouse=True)
def nothing_ran() -> None:
    RAN.clear()


def test_a_job_that_fails_ends_no_other_and_its_log_quotes_nobody(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.WORKER_JOBS = {f"{__name__}.{job}": 60 for job in ("first", "failing", "last")}

    with caplog.at_level(logging.ERROR):
        call_command("worker", once=True)

    assert RAN == ["first", "last"]
    assert "failing failed with ValueError" in caplog.text
    assert WORDS not in caplog.text


def test_a_job_rests_between_two_runs() -> None:
    job = PeriodicJob(f"{__name__}.first", 60)

    job.run_if_due()
    job.run_if_due()

    assert RAN == ["first"]


def test_a_job_that_nobody_wrote_stops_the_start(settings: Any) -> None:
    settings.WORKER_JOBS = {f"{__name__}.nobody": 60}

    with pytest.raises(ImportError, match="nobody"):
        call_command("worker", once=True)


def test_a_task_that_waits_is_run_and_so_are_the_jobs(settings: Any) -> None:
    settings.WORKER_JOBS = {f"{__name__}.first": 60}
    sweep.enqueue()

    call_command("worker", once=True)

    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert RAN == ["first"]
