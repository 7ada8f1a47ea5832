"""Journeys through the demo itself: its three processes, its own data folder, Chromium in front."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from ..conftest import CHROMIUM

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A running demo: `url` as a person types it, `data` its folder."""

    url: str
    data: Path
    process: subprocess.Popen[str]

    def code_from_mail(self, page: Page) -> str:
        """Return the newest sign-in code, read on the mail page as a person would."""
        page.goto(f"{self.url}/_mail/")
        page.get_by_role("link", name="Your sign-in code").first.click()
        return re.search(r"\b\d{4}-?\d{4}\b", page.get_by_role("main").inner_text()).group()


def free_ports() -> int:
    """Return a port that is free and whose next one is too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


_DEMO = pytest.StashKey[Demo]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start the demo while the other tests run: its first start takes a quarter of a minute."""
    chosen = any("demo" in getattr(item, "fixturenames", ()) for item in session.items)
    if chosen and CHROMIUM is not None and not session.config.option.collectonly:
        session.config.stash[_DEMO] = _start()


def pytest_unconfigure(config: pytest.Config) -> None:
    demo = config.stash.get(_DEMO, None)
    if demo is not None:
        demo.process.send_signal(signal.SIGTERM)
        demo.process.wait(30)
        shutil.rmtree(demo.data)


def _start() -> Demo:
    data, port = Path(tempfile.mkdtemp(prefix="anahata-demo-")), free_ports()
    environment = {**os.environ, "ANAHATA_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    with (data / "output.txt").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
        )
    return Demo(url=f"http://localhost:{port}", data=data, process=process)


@pytest.fixture(scope="session")
def demo(pytestconfig: pytest.Config) -> Demo:
    """Return the demo once it is open."""
    demo = pytestconfig.stash[_DEMO]
    said = ""
    deadline = time.monotonic() + 240
    while "Anahata is open" not in said:
        said = (demo.data / "output.txt").read_text()
        assert demo.process.poll() is None, said
        assert time.monotonic() < deadline, said
        time.sleep(0.2)
    return demo


@pytest.fixture
def without_javascript(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    context: BrowserContext = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
