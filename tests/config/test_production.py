"""Production starts with its secrets or not at all."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]

ENVIRONMENT = {
    "SECRET_KEY": "a-key-for-this-test-only-with-quite-enough-different-letters-0123456789",
    "ALLOWED_HOSTS": "www.harmony.test",
    "PUBLIC_URL": "https://www.harmony.test",
    "DATABASE_URL": "sqlite:////nonexistent/anahata.sqlite3",
    "JOURNAL_MASTER_KEYS": "one:dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMzI=",
    "STRIPE_SECRET_KEY": "sk_test_51NotARealKey",
    "STRIPE_WEBHOOK_SECRETS": "whsec_notarealsecret",
    "EMAIL_URL": "smtp+tls://user:password@mail.harmony.test:587",
    "DEFAULT_FROM_EMAIL": "Anahata <hello@harmony.test>",
}
OTHERS = [
    "CACHE_URL",
    "MAILBOX_PAGE",
    "STRIPE_SANDBOX_URL",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "TRUST_PROXY",
    "DEBUG",
]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OTHERS:
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def production() -> dict[str, Any]:
    """Read the production settings afresh."""
    return runpy.run_module("config.settings.production")


def test_it_starts_with_all_its_secrets() -> None:
    settings = production()

    assert settings["DEBUG"] is False
    assert settings["MAILBOX_PAGE"] is False
    assert settings["ALLOWED_HOSTS"] == ["www.harmony.test"]


@pytest.mark.parametrize("name", ENVIRONMENT)
@pytest.mark.parametrize("value", [None, ""])
def test_it_refuses_to_start_without_each_of_them(
    name: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=rf"Set {name} in the environment"):
        production()


@pytest.mark.parametrize(("name", "value"), [("MAILBOX_PAGE", "true"), ("STRIPE_SANDBOX_URL", "http://127.0.0.1:8001")])
def test_it_refuses_what_is_for_development(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=name):
        production()


@pytest.mark.parametrize(("name", "value"), [("ALLOWED_HOSTS", "*"), ("PUBLIC_URL", "http://www.harmony.test")])
def test_it_refuses_addresses_that_are_not_its_own_or_not_secret(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=name):
        production()


def test_debug_cannot_be_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "true")

    assert production()["DEBUG"] is False


def test_cookies_are_tied_to_the_host_and_to_https() -> None:
    settings = production()

    assert settings["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert settings["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert (settings["SESSION_COOKIE_SECURE"], settings["CSRF_COOKIE_SECURE"], settings["SESSION_COOKIE_HTTPONLY"]) == (
        True,
        True,
        True,
    )


def test_a_refusal_names_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNAL_MASTER_KEYS", "dGhpcyBpcyBzZWNyZXQ=")

    with pytest.raises(ImproperlyConfigured) as refusal:
        production()

    assert "dGhpcyBpcyBzZWNyZXQ" not in str(refusal.value)


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        # Django 6.1 asks the database what it can; an empty file answers.
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
