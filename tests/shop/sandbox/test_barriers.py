"""Nobody but this machine, with this installation's key, and never in production."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shop.stripe_sandbox.api import Application
from shop.stripe_sandbox.barriers import NotLocal
from shop.stripe_sandbox.server import SandboxServer
from shop.stripe_sandbox.store import Store
from shop.stripe_sandbox.webhooks import Courier
from tests.shop.sandbox.conftest import KEY, SECRETS

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


def status_of(store: Store, **environ: Any) -> int:
    application = Application(store, secret_key=KEY, courier=Courier(store, SECRETS), base_url="http://127.0.0.1:8001")
    heard: list[str] = []
    asked = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/v1/account",
        "QUERY_STRING": "",
        "wsgi.input": io.BytesIO(),
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8001",
        "HTTP_AUTHORIZATION": f"Bearer {KEY}",
        **environ,
    }

    list(application(asked, lambda status, headers: heard.append(status)))

    return int(heard[0].split()[0])


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_served(store: Store, address: str) -> None:
    assert status_of(store, REMOTE_ADDR=address) == 200


@pytest.mark.parametrize(
    "address", ["192.168.0.7", "10.0.0.1", "8.8.8.8", "::ffff:8.8.8.8", "fe80::1", "", "localhost.example"]
)
@pytest.mark.parametrize("path", ["/v1/account", "/", "/c/page.css"])
def test_other_machines_are_refused(store: Store, address: str, path: str) -> None:
    assert status_of(store, REMOTE_ADDR=address, PATH_INFO=path) == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:8001", "127.0.0.1", "[::1]:8001"])
def test_local_names_are_served(store: Store, host: str) -> None:
    assert status_of(store, HTTP_HOST=host) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8001", "user@evil.example", "[", ""]
)
@pytest.mark.parametrize("path", ["/v1/account", "/"])
def test_a_foreign_name_for_this_machine_is_refused(store: Store, host: str, path: str) -> None:
    assert status_of(store, HTTP_HOST=host, PATH_INFO=path) == 403


@pytest.mark.parametrize(
    "header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP"]
)
def test_a_proxy_is_refused(store: Store, header: str) -> None:
    assert status_of(store, **{header: "203.0.113.9"}) == 403


@pytest.mark.parametrize(
    "key",
    [
        "sk_live_" + "0" * 24,
        "sk_test_" + "0" * 24,
        "rk_live_" + "0" * 24,
        "sk_test_sandbox_",
        "sk_test_sandbox_short",
        "",
    ],
)
def test_a_key_that_is_not_its_own_is_refused(key: str) -> None:
    with pytest.raises(NotLocal, match="only a key of its own"):
        SandboxServer(secret_key=key, webhook_secrets=SECRETS, webhook_url=None)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "::", "example.com", ""])
def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(NotLocal):
        SandboxServer(secret_key=KEY, webhook_secrets=SECRETS, webhook_url=None, host=host)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/stripe/webhook/",
        "http://192.168.0.7/",
        "http://localhost.example/",
        "ftp://127.0.0.1/",
        "/stripe/",
    ],
)
def test_events_go_to_this_machine_only(server: SandboxServer, url: str) -> None:
    with pytest.raises(NotLocal):
        server.webhook_url = url


def test_nothing_but_its_own_command_imports_it() -> None:
    importing = re.compile(r"^\s*(?:from|import)\s.*stripe_sandbox|import_module\(.*stripe_sandbox", re.MULTILINE)

    importers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("config", "accounts", "home", "blog", "shop", "journal")
        for path in (ROOT / folder).rglob("*.py")
        if importing.search(path.read_text()) and path.parent != ROOT / "shop" / "stripe_sandbox"
    }

    assert importers == {"shop/management/commands/stripe_sandbox.py"}


def test_no_address_of_the_site_leads_to_it() -> None:
    for name in (
        "config/urls.py",
        "shop/urls.py",
        "config/wsgi.py",
        "config/settings/base.py",
        "config/settings/production.py",
    ):
        assert "shop.stripe_sandbox" not in (ROOT / name).read_text(), name


def test_it_imports_neither_stripe_nor_a_model_nor_a_setting() -> None:
    forbidden = re.compile(
        r"^\s*(?:from|import)\s+(?:stripe\b|django\.db|django\.conf|\.\.(?!\.)\w|\.\.\s)", re.MULTILINE
    )

    for path in (ROOT / "shop" / "stripe_sandbox").glob("*.py"):
        assert not forbidden.search(path.read_text()), path.name
