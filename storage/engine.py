"""Opens the database and its transactions. One action = one transaction, with the database's own clock."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from storage.troubles import Busy

BUSY_SECONDS = 5
"""How long SQLite waits for another process."""
QUEUE_SECONDS = 15
"""How long a writer waits for its turn in this process, or for a lock of PostgreSQL: an import may hold it."""
KEPT_OPEN = 20
"""Connections to SQLite that stay open between transactions."""
_CLOCK = {
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
    # clock_timestamp, not now(): a transaction may have waited for a lock before it reads the time.
    "postgresql": "SELECT clock_timestamp()",
}


@dataclass(frozen=True)
class Transaction:
    """An open transaction and its time, which actions receive as `db` and `now`."""

    db: Connection
    now: datetime


@dataclass(frozen=True)
class Database:
    """One engine per database URL, with the write lock that spares SQLite's unfair busy waiting."""

    engine: Engine
    write_lock: AbstractContextManager[Any]

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open a write transaction: committed at the end, rolled back on any exception."""
        with self.write_lock, self.engine.connect() as plain:
            db = plain.execution_options(begin_immediate=True)
            with db.begin():
                yield Transaction(db, clock(db))

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a read transaction: one consistent view, nothing kept."""
        with self.engine.connect() as db, db.begin() as transaction:
            yield Transaction(db, clock(db))
            transaction.rollback()


def clock(db: Connection) -> datetime:
    """Return the database's time in UTC."""
    value = db.exec_driver_sql(_CLOCK[db.dialect.name]).scalar_one()
    return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


def open_database(url: str, secret: str = "") -> Database:
    """Open a database by URL (`sqlite:///…`, `postgresql://…`); SQLite's folder is made when absent.

    `secret` is the installation's: it seals the head of the audit log, in whichever action writes it.
    """
    parsed = make_url(url)
    options = {"audit_key": secret.encode()}
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=10,
            connect_args={"options": f"-c lock_timeout={int(QUEUE_SECONDS * 1000)}"},
            hide_parameters=True,
            execution_options=options,
        )
        return Database(engine, nullcontext())
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    # Parameters are people's data: they stay out of error messages.
    arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    # As many kept open as pages run at once: opening one costs a dozen statements, of a writer in its turn.
    engine = create_engine(
        parsed, connect_args=arguments, pool_size=KEPT_OPEN, hide_parameters=True, execution_options=options
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return Database(engine, WriteLock())


class WriteLock:
    """One writer at a time, first come first served. Waiting ends: whoever holds the database may be stuck."""

    def __init__(self) -> None:
        self._lock = Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=QUEUE_SECONDS):
            raise Busy

    def __exit__(self, *_error: object) -> None:
        self._lock.release()


def _on_connect(connection: Any, _record: Any) -> None:
    # sqlite3's own BEGIN is deferred: a later write would fail at once with "database is locked".
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    _use_wal(connection)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _use_wal(connection: Any) -> None:
    # A file that several processes open for the first time: SQLite does not wait for this switch by itself.
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


def _on_begin(db: Connection) -> None:
    immediate = db.get_execution_options().get("begin_immediate", False)
    db.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
