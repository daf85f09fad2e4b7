"""What was acknowledged against what the database holds: lost, twice, torn."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from people.roles import Actor
from quizzes import attempts
from storage import audit
from storage.engine import Database
from storage.tables import attempt, attempt_item, response
from storage.tables import audit as audit_rows

ROOT = Path(__file__).parent.parent.parent


class Worker:
    """The answering process."""

    def __init__(self, url: str, log: Path, *flags: str, threads: int = 16, think: float = 0) -> None:
        self.log = log
        self.errors = log.with_suffix(".err")
        command = [sys.executable, "-m", "tests.faults.answering", url, str(log), str(threads), str(think), *flags]
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=errors, stderr=errors)

    def wait_for(self, count: int, seconds: float = 60) -> None:
        """Wait until it has logged that many lines."""
        until = time.monotonic() + seconds
        while lines(self.log) < count:
            assert self.process.poll() is None, self.errors.read_text()[-3000:]
            assert time.monotonic() < until, f"{lines(self.log)} of {count} lines\n{self.errors.read_text()[-3000:]}"
            time.sleep(0.02)

    def kill(self) -> None:
        """End it at once, as the OOM killer or a power cut would."""
        self.process.kill()
        self.process.wait()


def lines(log: Path) -> int:
    """Return how many lines a log holds."""
    return log.read_bytes().count(b"\n") if log.exists() else 0


def read(log: Path) -> list[dict[str, Any]]:
    """Return what a log holds; its lines are whole, as each is one write."""
    return [json.loads(line) for line in log.read_text().splitlines()]


def answers_in(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the acknowledged answers."""
    return [fact for fact in facts if "token" in fact]


@dataclass
class Count:
    """What a check found; adds up over rounds."""

    acknowledged: int = 0
    lost: int = 0
    twice: int = 0
    torn: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def kept(self) -> int:
        """Acknowledged and there."""
        return self.acknowledged - self.lost

    @property
    def clean(self) -> bool:
        """Nothing lost, twice or torn."""
        return (self.lost, self.twice, self.torn) == (0, 0, 0)


def check(database: Database, facts: list[dict[str, Any]]) -> Count:
    """Compare acknowledged answers and hand-ins with the database."""
    said = answers_in(facts)
    submitted = [fact["submitted"] for fact in facts if "submitted" in fact]
    with database.read() as transaction:
        db = transaction.db
        stored = Counter(db.execute(select(response.c.token)).scalars())
        states = {row.id: row for row in db.execute(select(attempt))}
        lost = sum(fact["token"] not in stored for fact in said)
        lost += sum(states[number].state != "submitted" for number in submitted if number in states)
        lost += sum(number not in states for number in submitted)
        twice = sum(times > 1 for times in stored.values())
        torn = _torn_answers(db) + _torn_attempts(db, list(states.values()))
    return Count(len(said) + len(submitted), lost, twice, torn)


def _torn_answers(db: Any) -> int:
    """Answers without their place on an attempt's sheet, or with a gap before them."""
    places = {(row[0], row[1]) for row in db.execute(select(attempt_item.c.attempt_id, attempt_item.c.position))}
    found: dict[tuple[int, int], list[int]] = {}
    for row in db.execute(select(response).order_by(response.c.id)):
        found.setdefault((row.attempt_id, row.position), []).append(row.sequence)
    homeless = sum(place not in places for place in found)
    return homeless + sum(numbers != list(range(1, len(numbers) + 1)) for numbers in found.values())


def _torn_attempts(db: Any, rows: list[Any]) -> int:
    """Attempts without all their items, handed in without score or audit row; an audit chain that does not fit."""
    counted = select(attempt_item.c.attempt_id, func.count()).group_by(attempt_item.c.attempt_id)
    sizes = {row[0]: row[1] for row in db.execute(counted)}
    size = max(sizes.values(), default=0)
    noted = set(db.execute(select(audit_rows.c.object).where(audit_rows.c.action == "attempt.submitted")).scalars())
    torn = sum(sizes.get(row.id) != size for row in rows)
    closed = [row for row in rows if row.state == "submitted"]
    torn += sum(f"attempt:{row.id}" not in noted for row in closed) + abs(len(noted) - len(closed))
    torn += sum(attempts.regrade(db, attempt_id=row.id) != row.score for row in closed)
    return int(torn) + (not audit.verify(db).intact)


def send_again(database: Database, facts: list[dict[str, Any]]) -> None:
    """Repeat the newest acknowledged answers with their tokens, as clients do that saw no reply."""
    for fact in answers_in(facts)[-20:]:
        said = {name: fact[name] for name in ("attempt_id", "position", "choice", "seen_sequence", "token")}
        actor = Actor(person_id=fact["person"], name="Peserta", assurance="code")
        with database.write() as transaction:
            try:
                attempts.answer(transaction.db, actor=actor, now=transaction.now, **said)
            except attempts.Closed:
                continue


def postgres_ids(parent: int) -> list[int]:
    """Return a postmaster and all its backends."""
    import psutil

    top = psutil.Process(parent)
    assert top.name().startswith("postgres"), top
    return [parent, *(child.pid for child in top.children(recursive=True))]


def kill_postgres(server: Any) -> None:
    """Kill the postmaster and all its backends."""
    pids = postgres_ids(server.get_pid())
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    sleep_until_gone(pids)
    # All are dead, but where nobody collects dead processes their ids still look taken to PostgreSQL.
    for mark in (*Path(server.pgdata).glob("postmaster.pid"), *Path(server.pgdata).glob(".s.PGSQL.*.lock")):
        mark.unlink()


def sleep_until_gone(pids: list[int], seconds: float = 20) -> None:
    """Wait until none of these processes is left."""
    until = time.monotonic() + seconds
    while any(_alive(pid) for pid in pids):
        assert time.monotonic() < until, f"still there: {[pid for pid in pids if _alive(pid)]}"
        time.sleep(0.02)


def _alive(pid: int) -> bool:
    import psutil

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def copy_files(source: Path, folder: Path) -> Path:
    """Copy a SQLite file and its log as a dead process left them, before anything opens them."""
    folder.mkdir(parents=True, exist_ok=True)
    for end in ("", "-wal"):
        if (part := source.with_name(source.name + end)).exists():
            (folder / part.name).write_bytes(part.read_bytes())
    os.sync()
    return folder / source.name
