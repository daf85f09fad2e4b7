"""F10: somebody holds the database; a short while costs patience, a long one a clear refusal, never an answer."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from storage import engine, troubles
from storage.engine import Database
from storage.tables import unit
from tests.faults import crowd, takers
from tests.faults.takers import Taker
from tests.figures import FULL, count, figure
from tests.server import Server
from tests.wire import pressed

ROOT = Path(__file__).parent.parent.parent
WRITERS = 20
TRIES = count(20, 100)

_HOLDER = """
import sys, time
from sqlalchemy import text
from storage.engine import open_database
with open_database(sys.argv[1]).write() as transaction:
    transaction.db.execute(text("UPDATE unit SET zone = zone WHERE id = 1"))
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def held(database: Database, seconds: float) -> Iterator[None]:
    """Another process writes and does not come to an end."""
    command = [sys.executable, "-c", _HOLDER, database.engine.url.render_as_string(hide_password=False), str(seconds)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield
        process.kill()


@pytest.fixture
def one_unit(database: Database) -> Database:
    with database.write() as transaction:
        transaction.db.execute(insert(unit).values(name="Dinas"))
    return database


def _write(database: Database) -> tuple[str, float]:
    """Write a row that another holds; return how it ended and after how long."""
    started = time.monotonic()
    try:
        with database.write() as transaction:
            transaction.db.execute(update(unit).where(unit.c.id == 1).values(name=unit.c.name + "!"))
    except Exception as error:
        return str(troubles.kind_of(error) or f"{type(error).__name__}: {error}"), time.monotonic() - started
    return "written", time.monotonic() - started


def _written(database: Database) -> int:
    with database.read() as transaction:
        return str(transaction.db.execute(select(unit.c.name)).scalar_one()).count("!")


@pytest.mark.figure
def test_three_seconds_of_a_foreign_lock_cost_no_write(one_unit: Database) -> None:
    with held(one_unit, 3), ThreadPoolExecutor(WRITERS) as pool:
        ends = [how for how, _ in pool.map(_write, [one_unit] * WRITERS)]
    kind = one_unit.engine.dialect.name
    figure(f"F10 {kind}", ends.count("written"), WRITERS, "writes done after a foreign lock of 3 s")
    assert ends == ["written"] * WRITERS
    assert _written(one_unit) == WRITERS


@pytest.mark.figure
def test_a_foreign_lock_that_stays_ends_in_a_clear_refusal(one_unit: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    if not FULL:
        monkeypatch.setattr(engine, "BUSY_SECONDS", 0.3)
        monkeypatch.setattr(engine, "QUEUE_SECONDS", 1.0)
    patience = engine.QUEUE_SECONDS
    database = engine.open_database(one_unit.engine.url.render_as_string(hide_password=False))
    with held(one_unit, 90):
        with ThreadPoolExecutor(WRITERS) as pool:
            ends = list(pool.map(_write, [database] * WRITERS))
        with database.read() as transaction:
            assert transaction.db.execute(select(unit.c.name)).scalar() == "Dinas"
    refused, slowest = [how for how, _ in ends].count("busy"), max(seconds for _, seconds in ends)
    kind = one_unit.engine.dialect.name
    what = f"writers told within {slowest:.0f} s that the database is busy; patience {patience:.0f} s"
    figure(f"F10 {kind} for good", refused, WRITERS, what)
    assert refused == WRITERS, ends
    assert slowest < 2 * patience + 3
    assert _write(database)[0] == "written"
    assert _written(database) == 1
    database.engine.dispose()


def _read_then_write(database: Database, begin: str, both_have_read: Barrier) -> bool:
    """Read, think until the other has read too, write; return whether the database refused at once."""
    raw: Any = database.engine.raw_connection()
    try:
        started = time.monotonic()
        try:
            raw.execute(begin)
            raw.execute("SELECT name FROM unit").fetchone()
            # Where BEGIN lets one in at a time the other never comes, and nobody waits for it any longer.
            with suppress(BrokenBarrierError):
                both_have_read.wait(0.2)
            raw.execute("UPDATE unit SET name = name || '!'")
            raw.execute("COMMIT")
        except Exception as error:
            raw.execute("ROLLBACK")
            return "database is locked" in str(error) and time.monotonic() - started < 1
        return False
    finally:
        raw.close()


def _two_at_once(database: Database, begin: str) -> int:
    barrier = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(lambda _: _read_then_write(database, begin, barrier), range(2)))


@pytest.mark.figure
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_control_of_f10_a_deferred_begin_is_refused_at_once(one_unit: Database) -> None:
    refused = {}
    for begin in ("BEGIN", "BEGIN IMMEDIATE"):
        refused[begin] = sum(_two_at_once(one_unit, begin) for _ in range(TRIES // 2))
    figure("F10 control", refused["BEGIN"], TRIES, "refused at once with a plain BEGIN")
    figure("F10 control", refused["BEGIN IMMEDIATE"], TRIES, "refused at once with BEGIN IMMEDIATE")
    assert refused["BEGIN"] > 0
    assert refused["BEGIN IMMEDIATE"] == 0


@pytest.mark.figure
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_control_of_f10_without_lock_timeout_nobody_is_told(
    one_unit: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience = 1.0
    monkeypatch.setattr(engine, "QUEUE_SECONDS", 0)  # PostgreSQL takes that for "no limit"
    database = engine.open_database(one_unit.engine.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(WRITERS) as pool:
        with held(one_unit, 90):
            waiting = [pool.submit(_write, database) for _ in range(WRITERS)]
            told = len(wait(waiting, timeout=4 * patience).done)
        ends = [one.result()[0] for one in waiting]
    figure("F10 control postgresql", told, WRITERS, "writers told anything in four times the patience")
    assert told == 0
    assert ends == ["written"] * WRITERS
    database.engine.dispose()


async def _answer_while_held(url: str, database: Database, taker: Taker) -> tuple[str, float]:
    """Answer a question while another process holds the database for good; return what the screen says, and when."""
    async with crowd.at_quiz(url, taker.token) as tab:
        await tab.run([pressed(tab.button("Mulai kuis"))])
        started = time.monotonic()
        with held(database, 90):
            await tab.run(crowd.click(tab))
        seconds, said = time.monotonic() - started, " ".join(tab.texts)
        # The same tab, once the database is free.
        await tab.run()
        await tab.run(crowd.click(tab))
        taker.look(tab)
    return said, seconds


@pytest.mark.figure
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_screen_tells_that_the_database_is_held_and_the_next_click_is_stored(
    one_unit: Database, tmp_path: Path
) -> None:
    (taker,) = takers.made(one_unit, 1)
    settings: dict[str, Any] = {"SINETRAL_DATABASE_URL": crowd.url_of(one_unit), "SINETRAL_COOKIE_SECRET": crowd.SECRET}
    server = Server(tmp_path / "data", **settings).start()
    try:
        said, seconds = asyncio.run(_answer_while_held(server.url, one_unit, taker))
    finally:
        server.stop()
    kept = takers.check(one_unit, [taker]).kept
    figure("F10 of the app", kept, 1, f"answers stored by the next click; told after {seconds:.0f} s that it was not")
    assert "belum tersimpan" in said
    assert seconds < 2 * engine.BUSY_SECONDS
    assert (taker.acknowledged, kept) == (1, 1)
