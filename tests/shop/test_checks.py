"""Settings that would oversell, mistrust or take no money are refused at the start."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from shop import checks, stripe_client

SANDBOX_KEY = "sk_test_sandbox_" + "0" * 32


def ids(settings: Any, **changes: Any) -> list[str | None]:
    for name, value in changes.items():
        setattr(settings, name, value)
    found = [*checks.check_stripe(None), *checks.check_words(None), *checks.check_sqlite_transactions(None)]
    return [message.id for message in found]


def test_the_settings_of_the_tests_are_sound(settings: Any) -> None:
    assert ids(settings) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"STRIPE_SECRET_KEY": ""}, "E001"),
        ({"STRIPE_SECRET_KEY": "sk_live_x"}, "E002"),
        ({"STRIPE_SECRET_KEY": "sk_test_x"}, "E002"),
        ({"STRIPE_SANDBOX_URL": "https://evil.example"}, "E002"),
        ({"STRIPE_SANDBOX_URL": "http://127.0.0.1.evil.example"}, "E002"),
        ({"STRIPE_SANDBOX_URL": "http://127.0.0.1@evil.example"}, "E002"),
        ({"STRIPE_SANDBOX_URL": "ftp://127.0.0.1"}, "E002"),
        ({"STRIPE_SANDBOX_URL": ""}, "E002"),
        ({"STRIPE_SECRET_KEY": "pk_live_x", "STRIPE_SANDBOX_URL": ""}, "E002"),
        ({"STRIPE_WEBHOOK_SECRETS": []}, "E003"),
        ({"STRIPE_WEBHOOK_SECRETS": [""]}, "E003"),
        ({"SHOP_CURRENCY": "euro"}, "E005"),
        ({"SHOP_STATEMENT_SUFFIX": "x" * 23}, "E006"),
        ({"SHOP_BUYER_FOR_EMAIL": "no.such.thing"}, "E007"),
    ],
    ids=str,
)
def test_a_bad_setting_is_named(settings: Any, changes: dict[str, Any], found: str) -> None:
    assert ids(settings, **changes) == [f"anahata_shop.{found}"]


SQLITE = "django.db.backends.sqlite3"


@pytest.mark.parametrize(
    ("database", "found"),
    [
        ({"ENGINE": SQLITE}, ["anahata_shop.E004"]),
        ({"ENGINE": SQLITE, "OPTIONS": {"transaction_mode": "DEFERRED"}}, ["anahata_shop.E004"]),
        ({"ENGINE": SQLITE, "OPTIONS": {"transaction_mode": "IMMEDIATE"}}, []),
        ({"ENGINE": "django.db.backends.postgresql"}, []),
    ],
    ids=str,
)
def test_sqlite_must_begin_as_a_writer(
    settings: Any, monkeypatch: Any, database: dict[str, Any], found: list[str]
) -> None:
    monkeypatch.setitem(settings.DATABASES, "other", database)

    assert ids(settings) == found


def test_a_real_key_goes_to_the_real_stripe(settings: Any) -> None:
    assert ids(settings, STRIPE_SECRET_KEY="sk_live_x", STRIPE_SANDBOX_URL="") == []
    assert stripe_client.livemode()


@pytest.mark.parametrize(
    ("key", "live"), [("sk_live_1", True), ("rk_live_1", True), ("sk_test_1", False), (SANDBOX_KEY, False)]
)
def test_the_key_says_whether_money_is_real(settings: Any, key: str, live: bool) -> None:
    settings.STRIPE_SECRET_KEY = key

    assert stripe_client.livemode() is live


def test_a_real_key_is_never_sent_to_another_address(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_SANDBOX_URL = "sk_live_x", "http://127.0.0.1:8001"

    with pytest.raises(ImproperlyConfigured, match="real account"):
        stripe_client.retrieve_session("cs_1")


@pytest.mark.parametrize(
    ("engine", "found"),
    [
        ("django_tasks.backends.immediate.ImmediateBackend", ["anahata_shop.E008"]),
        ("django_tasks.backends.dummy.DummyBackend", ["anahata_shop.E008"]),
        ("django_tasks_db.DatabaseBackend", []),
    ],
)
def test_in_production_tasks_are_left_to_a_worker(settings: Any, engine: str, found: list[str]) -> None:
    settings.TASKS = {"default": {"BACKEND": engine}}

    assert [message.id for message in checks.check_task_engine(None)] == found
