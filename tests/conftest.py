"""Fixtures that every test may use; they hold for the whole site and for each app alone."""

import os
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache

CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)
CURE = "no Chromium found: apt-get install chromium, or name one in CHROMIUM=/path/to/chromium"


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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    in_browser = [item for item in items if "browser" in item.keywords]
    if CHROMIUM is None:
        for item in in_browser:
            item.add_marker(pytest.mark.skip(reason=CURE))
    # Last: Playwright keeps an event loop running, in which Django refuses to use the database.
    items[:] = [item for item in items if item not in in_browser] + in_browser
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


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Say to pytest-playwright which browser to start, and to keep it from asking anything of others."""
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


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
