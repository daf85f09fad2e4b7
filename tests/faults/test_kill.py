"""F01 and F02: the app or the database is killed while people answer; what was acknowledged is there, once."""

import time
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from storage import migrating, soundness
from storage.engine import Database, open_database
from tests.faults import ledger
from tests.faults.crowd import SECRET
from tests.faults.ledger import Count, Worker
from tests.figures import FULL, count, figure

ROUNDS = count(2, 20)
ENOUGH = count(200, 20_000)
RESTARTS = count(2, 10)
CONTROL_ROUNDS = 10
PEOPLE = count(16, 200)
THINK = 0.05 if FULL else 0.0


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def _one_kill(database: Database, tmp_path: Path, random: Random, *flags: str) -> Count:
    """Let people answer, kill the process at some moment, and compare what it said with what is there."""
    log = tmp_path / f"{uuid4().hex}.log"
    database.engine.dispose()
    worker = Worker(_url(database), log, *flags, threads=PEOPLE, think=THINK)
    worker.wait_for(20)
    time.sleep(random.uniform(1, 3) if FULL else random.uniform(0.3, 1))
    worker.kill()
    facts = ledger.read(log)
    # As a dead machine leaves them: copied before anything opens and mends them (F03).
    file = soundness.sqlite_file(database)
    seen = open_database(f"sqlite:///{ledger.copy_files(file, tmp_path / uuid4().hex)}", SECRET) if file else database
    found = ledger.check(seen, facts)
    if file:
        assert soundness.faults_in(Path(str(seen.engine.url.database)), thorough=True) == ""
        seen.engine.dispose()
    if not flags:
        ledger.send_again(database, facts)
        again = ledger.check(database, facts)
        found = found + Count(0, again.lost, again.twice, again.torn)
    return found


@pytest.mark.figure
def test_every_acknowledged_answer_outlives_a_killed_process(database: Database, tmp_path: Path) -> None:
    random, total, rounds = Random(1), Count(), 0
    while rounds < ROUNDS or total.acknowledged < ENOUGH:
        total, rounds = total + _one_kill(database, tmp_path, random), rounds + 1
    kind = database.engine.dialect.name
    figure(f"F01 {kind}", total.kept, total.acknowledged, f"acknowledged answers kept over {rounds} kills; {total}")
    assert total.clean, total


@pytest.mark.figure
def test_control_of_f01_an_answer_acknowledged_before_its_commit_is_lost(database: Database, tmp_path: Path) -> None:
    random, total = Random(2), Count()
    for _ in range(CONTROL_ROUNDS):
        total = total + _one_kill(database, tmp_path, random, "early")
        if total.lost:
            break
    kind = database.engine.dialect.name
    figure(f"F01 control {kind}", total.kept, total.acknowledged, "kept when acknowledged before the commit")
    assert total.lost > 0


def _over_restarts(server: Any, tmp_path: Path, restarts: int) -> tuple[Count, int, float]:
    """Let people answer while PostgreSQL is killed; return the count, the errors met, and the slowest return."""
    url = make_url(server.get_uri()).render_as_string(hide_password=False)
    database, log, random, slowest = open_database(url, SECRET), tmp_path / "answers.log", Random(3), 0.0
    database.engine.dispose()
    worker = Worker(url, log, threads=PEOPLE, think=THINK)
    for _ in range(restarts):
        worker.wait_for(ledger.lines(log) + 100)
        time.sleep(random.uniform(0.3, 2))
        ledger.kill_postgres(server)
        server.ensure_postgres_running()
        slowest = max(slowest, _until_answers_flow(log))
    worker.wait_for(ledger.lines(log) + 100)
    worker.kill()
    facts = ledger.read(log)
    found = ledger.check(database, facts)
    database.engine.dispose()
    return found, sum("failed" in fact for fact in facts), slowest


def _migrated(server: Any, *statements: str) -> None:
    database = open_database(server.get_uri(), SECRET)
    migrating.upgrade(database)
    with database.write() as transaction:
        for statement in statements:
            transaction.db.execute(text(statement))
    database.engine.dispose()


@pytest.mark.figure
def test_answers_outlive_a_killed_postgresql_and_go_on_without_a_new_start(own_server: Any, tmp_path: Path) -> None:
    _migrated(own_server)
    total, refused, slowest = _over_restarts(own_server, tmp_path, RESTARTS)
    what = f"acknowledged answers kept over {RESTARTS} kills of PostgreSQL; {total}; {refused} errors, each tried again"
    figure("F02", total.kept, total.acknowledged, f"{what}; answers flow {slowest:.1f} s after the start")
    assert total.clean, total
    assert refused > 0
    assert slowest <= 10


@pytest.mark.figure
def test_control_of_f02_without_synchronous_commit_answers_are_lost(own_server: Any, tmp_path: Path) -> None:
    # What is acknowledged waits in memory for up to this long.
    _migrated(own_server, "ALTER DATABASE postgres SET synchronous_commit = off")
    with open_database(own_server.get_uri(), SECRET).engine.connect() as db:
        admin = db.execution_options(isolation_level="AUTOCOMMIT")
        admin.execute(text("ALTER SYSTEM SET wal_writer_delay = '10s'"))
        admin.execute(text("SELECT pg_reload_conf()"))
    log = tmp_path / "answers.log"
    worker = Worker(make_url(own_server.get_uri()).render_as_string(hide_password=False), log)
    worker.wait_for(200)
    ledger.kill_postgres(own_server)
    worker.kill()
    own_server.ensure_postgres_running()
    database = open_database(own_server.get_uri(), SECRET)
    total = ledger.check(database, ledger.read(log))
    database.engine.dispose()
    figure("F02 control", total.kept, total.acknowledged, "kept with synchronous_commit = off")
    assert total.lost > 0


def _until_answers_flow(log: Path) -> float:
    """Return after how many seconds from now an answer was stored."""
    up, until = time.time(), time.monotonic() + 30
    while time.monotonic() < until:
        later = [fact["at"] for fact in ledger.answers_in(ledger.read(log)) if fact["at"] > up]
        if later:
            return float(min(later)) - up
        time.sleep(0.05)
    raise AssertionError("no answer within 30 s after PostgreSQL was up again")
