"""Fixtures that every test may use; they hold for the whole site and for each app alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the slow tests too: wheels, races on PostgreSQL")
    parser.addoption("--no-skips", action="store_true", help="fail if any test was skipped, as CI does")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        session.config.getoption("--no-skips")
        and reporter
        and reporter.stats.get("skipped")
        and exitstatus == pytest.ExitCode.OK
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    slow = [item for item in items if "slow" in item.keywords]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if "slow" not in item.keywords]
    config.stash[_LEFT_OUT] = len(slow)


_LEFT_OUT = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left_out = config.stash.get(_LEFT_OUT, 0)
    if left_out:
        terminalreporter.write_line(
            f"{left_out} slow tests (wheels, races on PostgreSQL) were left out; run them with --slow."
        )


@pytest.fixture(autouse=True)
def fresh_counts() -> None:
    """Forget what other tests counted, where the cache is not rolled back with the database."""
    if not isinstance(caches["default"], DatabaseCache):
        caches["default"].clear()


@pytest.fixture
def make_user(db: None) -> Callable[..., AbstractBaseUser]:
    """Return a function that makes a user by address, whatever the host's user model is."""

    def make(email: str = "reader@example.com", **fields: Any) -> AbstractBaseUser:
        model = get_user_model()
        if model.USERNAME_FIELD != "email":
            fields.setdefault(model.USERNAME_FIELD, email)
        return model.objects.create_user(email=email, **fields)

    return make
