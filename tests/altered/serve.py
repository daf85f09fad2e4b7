"""The whole app with one guard taken out: the control of tests against real processes. ALTERED says which."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from threading import RLock, Thread
from typing import Any

import streamlit as st
from sqlalchemy import Connection, insert, select, update
from streamlit import net_util

from certificates import store
from storage import audit, engine
from storage.engine import Database, Transaction
from storage.tables import certificate_counter
from tests.faults.test_logs import injected_errors
from web import current, faults, no_watchers, startup
from web.middleware import MIDDLEWARE, OriginCheck
from web.routes import ROUTES

ROOT = Path(__file__).parent.parent.parent
ASKED = "asked for the outer address"


def _nothing(*_arguments: Any, **_named: Any) -> None:
    """Do nothing."""


def _tell() -> None:
    """Stand in for the look-up, which would block the event loop for seconds."""
    sys.stdout.write(ASKED + "\n")
    sys.stdout.flush()


def telling() -> None:
    """Say when Streamlit asks for the machine's outer address (T13)."""
    net_util.get_external_ip = _tell
    net_util.get_internal_ip = _tell


def open_to_all() -> None:
    """The same without the origin check (T13)."""
    telling()
    MIDDLEWARE[:] = [each for each in MIDDLEWARE if each.cls is not _as_object(OriginCheck)]


def _as_object(one: object) -> object:
    return one


def watching() -> None:
    """Resume tabs as Streamlit does by itself."""
    no_watchers.install = _nothing


def _read_then_write(db: Connection, issuer_code: str, year: int) -> int:
    series = (certificate_counter.c.issuer_code == issuer_code) & (certificate_counter.c.year == year)
    last = db.execute(select(certificate_counter.c.last).where(series)).scalar()
    time.sleep(0.02)
    if last is None:
        db.execute(insert(certificate_counter).values(issuer_code=issuer_code, year=year, last=1))
        return 1
    db.execute(update(certificate_counter).where(series).values(last=last + 1))
    return int(last) + 1


def unlocked() -> None:
    """Number certificates without a lock (F20); the audit chain's lock would stand in for it."""
    store.next_sequence = _read_then_write
    audit.record = _nothing


def unlooked() -> None:
    """Issue without looking for the certificate that is there (F20); the test takes its constraints away."""
    store.by_attempt = _nothing


def early() -> None:
    """Show the next question before its answer is committed: all on one connection, committed now and then (F01)."""
    lock, opened = RLock(), list[Connection]()

    def shared(database: Database) -> Connection:
        if not opened:
            opened.append(database.engine.connect().execution_options(begin_immediate=True))
        return opened[0]

    @contextmanager
    def together(database: Database) -> Iterator[Transaction]:
        with lock, shared(database).begin_nested():
            yield Transaction(opened[0], engine.clock(opened[0]))

    def commit() -> None:
        while True:
            time.sleep(0.7)
            with lock:
                for db in opened:
                    db.commit()

    Database.write = Database.read = together  # type: ignore[assignment, method-assign]
    Thread(target=commit, daemon=True).start()


def failing() -> None:
    """Let every run fail with the next of sixty errors that carry people's data (T52)."""
    errors = cycle(injected_errors())

    def fail() -> None:
        raise next(errors)

    current.visitor = fail


def failing_untold() -> None:
    """The same without our words for it (T52)."""
    failing()
    faults.on_script_error = None  # type: ignore[assignment]


_ALL = (telling, open_to_all, watching, unlocked, unlooked, early, failing, failing_untold)
ALTERATIONS: dict[str, Callable[[], None]] = {one.__name__: one for one in _ALL}

if __name__ == "__main__":
    ALTERATIONS[os.environ["ALTERED"]]()
    app = st.App(
        str(ROOT / "web/frame.py"),
        routes=ROUTES,
        middleware=MIDDLEWARE,
        lifespan=startup.lifespan,
        on_script_error=faults.on_script_error,
        exception_handlers=faults.HANDLERS,
    )
    app.run(config=startup.chosen())
