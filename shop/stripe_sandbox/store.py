"""What the local Stripe remembers: its own SQLite file, or memory. Never the shop's database.

Sharing the shop's database was tried: with SQLite the shop's open transaction and this writer lock each other out.
"""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

KEEP_ANSWERS_FOR = 24 * 3600
TABLES = """
CREATE TABLE IF NOT EXISTS record (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body TEXT NOT NULL, extra TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS record_kind ON record (kind, seq);
CREATE TABLE IF NOT EXISTS delivery (
    event_id TEXT PRIMARY KEY, delivered INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    last_status INTEGER, due_at REAL
);
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, request_id TEXT NOT NULL, kept_at REAL NOT NULL
);
"""


@dataclass(kw_only=True)
class Record:
    """An object as Stripe would show it (`body`), and what only this package needs to know of it (`extra`)."""

    body: Json
    extra: Json = field(default_factory=dict)
    seq: int = 0

    @property
    def id(self) -> str:
        id: str = self.body["id"]
        return id


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How far an event came. `due_at` is None while nobody is going to try again by itself; status 0 means unreachable."""

    event_id: str
    delivered: bool
    attempts: int
    last_status: int | None
    due_at: float | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a request with an idempotency key was answered."""

    fingerprint: str
    status: int
    body: str
    request_id: str


class Store:
    """Records by id, deliveries and kept answers; safe to use from many threads.

    Everything read and written inside `with store.transaction():` is one step, alone in the process and on the file.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # it holds typed names and addresses
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None, timeout=10)
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.executescript(TABLES)
        except sqlite3.Error:
            self._db.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def add(self, body: Json, **extra: Any) -> Record:
        self._rows(
            "INSERT INTO record (id, kind, body, extra) VALUES (?, ?, ?, ?)",
            body["id"],
            body["object"],
            json.dumps(body),
            json.dumps(extra),
        )
        return Record(body=body, extra=extra)

    def save(self, record: Record) -> None:
        self._rows(
            "UPDATE record SET body = ?, extra = ? WHERE id = ?",
            json.dumps(record.body),
            json.dumps(record.extra),
            record.id,
        )

    def get(self, kind: str, id: str) -> Record | None:
        """Return a fresh copy of the record; changes count only once `save` was called."""
        rows = self._rows("SELECT body, extra, seq FROM record WHERE id = ? AND kind = ?", id, kind)
        return self._record(*rows[0]) if rows else None

    def newest_first(self, kind: str, *, status: str | None = None) -> list[Record]:
        rows = self._rows(
            "SELECT body, extra, seq FROM record WHERE kind = ?1 AND (?2 IS NULL OR json_extract(body, '$.status') = ?2) ORDER BY seq DESC",
            kind,
            status,
        )
        return [self._record(*row) for row in rows]

    def _record(self, body: str, extra: str, seq: int) -> Record:
        return Record(body=json.loads(body), extra=json.loads(extra), seq=seq)

    def delivery(self, event_id: str) -> Delivery:
        rows = self._rows(
            "SELECT event_id, delivered, attempts, last_status, due_at FROM delivery WHERE event_id = ?", event_id
        )
        if not rows:
            return Delivery(event_id=event_id, delivered=False, attempts=0, last_status=None, due_at=None)
        return self._delivery(*rows[0])

    def due_deliveries(self) -> list[Delivery]:
        """Return the deliveries that somebody is going to try, the earliest first."""
        rows = self._rows(
            "SELECT event_id, delivered, attempts, last_status, due_at FROM delivery WHERE due_at IS NOT NULL ORDER BY due_at, rowid"
        )
        return [self._delivery(*row) for row in rows]

    def _delivery(
        self, event_id: str, delivered: int, attempts: int, last_status: int | None, due_at: float | None
    ) -> Delivery:
        return Delivery(
            event_id=event_id, delivered=bool(delivered), attempts=attempts, last_status=last_status, due_at=due_at
        )

    def schedule(self, event_id: str, due_at: float | None) -> None:
        self._rows(
            "INSERT INTO delivery (event_id, due_at) VALUES (?1, ?2) ON CONFLICT (event_id) DO UPDATE SET due_at = ?2",
            event_id,
            due_at,
        )

    def note_attempt(self, event_id: str, status: int) -> Delivery:
        """Count an attempt; an event once delivered stays delivered, as at Stripe."""
        taken = 200 <= status < 300
        self._rows(
            "INSERT INTO delivery (event_id, attempts, last_status, delivered) VALUES (?1, 1, ?2, ?3) ON CONFLICT (event_id) DO UPDATE "
            "SET attempts = attempts + 1, last_status = ?2, delivered = max(delivered, ?3), due_at = NULL",
            event_id,
            status,
            taken,
        )
        return self.delivery(event_id)

    def answer(self, key: str) -> Answer | None:
        rows = self._rows(
            "SELECT fingerprint, status, body, request_id FROM answer WHERE key = ? AND kept_at > ?",
            key,
            time.time() - KEEP_ANSWERS_FOR,
        )
        return (
            Answer(fingerprint=rows[0][0], status=rows[0][1], body=rows[0][2], request_id=rows[0][3]) if rows else None
        )

    def keep_answer(self, key: str, answer: Answer) -> None:
        self._rows("DELETE FROM answer WHERE kept_at <= ?", time.time() - KEEP_ANSWERS_FOR)
        self._rows(
            "INSERT OR REPLACE INTO answer (key, fingerprint, status, body, request_id, kept_at) VALUES (?, ?, ?, ?, ?, ?)",
            key,
            answer.fingerprint,
            answer.status,
            answer.body,
            answer.request_id,
            time.time(),
        )
