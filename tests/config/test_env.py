"""What the environment becomes: above all a SQLite that sells exactly and forgets for good."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from config import env


@pytest.fixture
def connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> Iterator[BaseDatabaseWrapper]:
    """A connection to a file of its own, set up as the demo's is."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    handler = ConnectionHandler({"default": env.database(default=f"sqlite:///{tmp_path / 'site.sqlite3'}")})
    with django_db_blocker.unblock():
        yield handler["default"]
        handler.close_all()


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("secure_delete", 1), ("synchronous", 2)]
)
def test_sqlite_is_set_up_to_share_to_check_and_to_forget(
    connection: BaseDatabaseWrapper, pragma: str, value: str | int
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")

        assert cursor.fetchone() == (value,)


def test_a_sqlite_transaction_writes_from_its_beginning(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE shelf (pieces integer)")
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("INSERT INTO shelf VALUES (1)")
    other.close()
    connection.rollback()
    connection.set_autocommit(True)


def test_without_a_database_the_start_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database()


def test_keys_are_read_by_their_ids_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNAL_MASTER_KEYS", "old:b25l,new:dHdv")

    assert list(env.keys("JOURNAL_MASTER_KEYS").items()) == [("old", "b25l"), ("new", "dHdv")]
