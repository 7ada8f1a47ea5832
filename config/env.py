"""The process environment, read once, typed, failing with the cure.

Settings modules ask here and nowhere else. Every name is listed in `.env.example`.
"""

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("ANAHATA_DATA_DIR", BASE_DIR / "var"))

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")


def required(name: str, why: str) -> str:
    """Return the variable `name`.

    Raises:
        ImproperlyConfigured: it is unset or empty; the message says what it is for.

    """
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment: {why} See .env.example.")
    return value


def database(default: str | None = None) -> dict[str, Any]:
    """Return the settings of the database named by DATABASE_URL, hardened for its engine."""
    url = env.str("DATABASE_URL", default=default or "")
    if not url:
        raise ImproperlyConfigured(
            "Set DATABASE_URL in the environment, such as postgres://user@localhost/anahata. See .env.example."
        )
    config: dict[str, Any] = env.db_url_config(url)
    config["CONN_MAX_AGE"] = None
    config["CONN_HEALTH_CHECKS"] = True
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # IMMEDIATE: a deferred transaction that turns into a writer dies with "database is locked".
        # secure_delete: without it the file keeps the bytes of deleted rows, a shredded journal key among them.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON; PRAGMA synchronous=FULL;",
        }
    return config


def keys(name: str) -> dict[str, str]:
    """Return a mapping of key id to key from `name`, written as `id:key,id:key`."""
    pairs = env.list(name, default=[])
    try:
        return dict(pair.split(":", 1) for pair in pairs)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is read as id:key,id:key; one of its parts has no colon.") from error
