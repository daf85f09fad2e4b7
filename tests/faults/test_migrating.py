"""F16 and F17: several start at once, and one is killed midway; there is one migration and one schema."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.engine import make_url

from storage import migrating, soundness
from storage.engine import Database, open_database
from storage.tables import unit
from tests.figures import count, figure
from tests.postgres import administer, named

ROOT = Path(__file__).parent.parent.parent
ROUNDS = count(3, 50)
CONTROL_ROUNDS = count(3, 5)
PROCESSES = 5


class Upgraders:
    """Processes that are ready to upgrade at the same moment."""

    def __init__(self, number: int) -> None:
        command = [sys.executable, "-m", "tests.faults.upgrading"]
        self.processes = [
            subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(number)
        ]
        for process in self.processes:
            assert self._line(process) == "ready"

    def _line(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()

    def _say(self, process: subprocess.Popen[str], *words: object) -> None:
        assert process.stdin is not None
        process.stdin.write(" ".join(map(str, words)) + "\n")
        process.stdin.flush()

    def upgrade(self, url: str, mode: str = "locked") -> list[str]:
        """Let all of them upgrade one database now; return what each says."""
        at = time.time() + 0.05
        for process in self.processes:
            self._say(process, url, at, mode)
        return [self._line(process) for process in self.processes]

    def upgrade_killed(self, url: str, scripts: Path, last: int) -> int:
        """Let a child of one upgrade a database and die at a statement; return how many statements it began."""
        self._say(self.processes[0], url, 0, f"killed:{last}", scripts)
        return int(self._line(self.processes[0]))

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def upgraders() -> Iterator[Upgraders]:
    started = Upgraders(PROCESSES)
    yield started
    started.end()


@pytest.fixture(params=["sqlite", "postgresql"])
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Iterator[str]]:
    """URLs of databases with nothing in them."""
    if request.param == "sqlite":
        yield (f"sqlite:///{tmp_path / uuid4().hex / 'blank.db'}" for _ in range(1000))
        return
    server, made = request.getfixturevalue("postgres_server"), []

    def fresh() -> Iterator[str]:
        while True:
            made.append(f"blank_{uuid4().hex[:12]}")
            administer(server, f"CREATE DATABASE {made[-1]}")
            yield named(server, made[-1])

    yield fresh()
    for name in made:
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


_SCHEMA = {
    "sqlite": ("SELECT type, name, tbl_name, sql FROM sqlite_master",),
    "postgresql": (
        "SELECT table_name, column_name, data_type, is_nullable, column_default"
        " FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0"
        " AND connamespace = 'public'::regnamespace",
    ),
}


def schema_hash(url: str) -> str:
    """Return a hash of everything the database knows of its tables."""
    engine = open_database(url).engine
    with engine.connect() as db:
        facts = [
            sorted(tuple(map(str, row)) for row in db.execute(text(query))) for query in _SCHEMA[engine.dialect.name]
        ]
    engine.dispose()
    return sha256(json.dumps(facts).encode()).hexdigest()


def _kind(url: str) -> str:
    return make_url(url).get_backend_name()


@pytest.mark.figure
def test_exactly_one_of_five_processes_migrates(blank: Iterator[str], upgraders: Upgraders) -> None:
    hashes, slowest, url = set(), 0.0, ""
    ends: list[list[str]] = []
    for _, url in zip(range(ROUNDS), blank, strict=False):
        started = time.monotonic()
        said = upgraders.upgrade(url)
        slowest = max(slowest, time.monotonic() - started)
        ends.append(sorted(said))
        hashes.add(schema_hash(url))
    good = ends.count(["already"] * (PROCESSES - 1) + ["migrated"])
    figure(f"F17 {_kind(url)}", good, ROUNDS, f"rounds with one migration by {PROCESSES} processes; {slowest:.1f} s")
    assert good == ROUNDS, ends
    assert len(hashes) == 1
    assert slowest < 60


@pytest.mark.figure
def test_control_of_f17_without_the_lock_processes_collide(blank: Iterator[str], upgraders: Upgraders) -> None:
    good, url = 0, ""
    for _, url in zip(range(CONTROL_ROUNDS), blank, strict=False):
        good += sorted(upgraders.upgrade(url, "bare")) == ["already"] * (PROCESSES - 1) + ["migrated"]
    figure(f"F17 control {_kind(url)}", good, CONTROL_ROUNDS, "rounds with one migration when the lock is left out")
    assert good < CONTROL_ROUNDS


# --- F16 ------------------------------------------------------------------------------------------------------

_NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9001", "{before}"


def upgrade():
    with op.batch_alter_table("unit") as batch:
        batch.add_column(sa.Column("code", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE unit SET name = name || '!', code = 'U' || id")
    op.create_index("ix_unit_code", "unit", ["code"])
    op.create_table("extra", sa.Column("id", sa.Integer(), primary_key=True))
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The shipped migrations and one more that rebuilds a table, changes its rows and adds another."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrating.SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9001_next.py").write_text(_NEXT.format(before=migrating.head()))
    return folder


def _names(database: Database) -> list[str]:
    with database.read() as transaction:
        return list(transaction.db.execute(select(unit.c.name).order_by(unit.c.id)).scalars())


@pytest.mark.figure
@pytest.mark.parametrize("from_blank", [True, False], ids=["blank", "with-rows"])
def test_a_killed_migration_is_completed_by_the_next_start(
    sqlite_template: Path, scripts: Path, tmp_path: Path, upgraders: Upgraders, from_blank: bool
) -> None:
    def begin(name: str) -> Database:
        file = tmp_path / f"{name}.db"
        database = open_database(f"sqlite:///{file}")
        if not from_blank:
            shutil.copy(sqlite_template, file)
            with database.write() as transaction:
                transaction.db.execute(insert(unit), [{"name": f"Dinas {number}"} for number in range(200)])
            database.engine.dispose()
        return database

    clean = begin("clean")
    statements = upgraders.upgrade_killed(str(clean.engine.url), scripts, 10**9)
    assert migrating.current(clean) == "9001"
    wanted, names = schema_hash(str(clean.engine.url)), _names(clean)
    step = max(1, statements // count(6, statements))
    moments, good = range(1, statements + 1, step), 0
    for last in moments:
        database = begin(f"n{last}")
        assert upgraders.upgrade_killed(str(database.engine.url), scripts, last) == last
        assert migrating.current(database) != "9001" or last == statements
        migrating.upgrade(database, scripts)
        whole = not soundness.faults_in(tmp_path / f"n{last}.db", thorough=True)
        good += whole and (schema_hash(str(database.engine.url)), _names(database)) == (wanted, names)
        database.engine.dispose()
    what = "migrations killed at a statement completed by the next start, no row changed twice"
    figure(f"F16 {'blank' if from_blank else 'with rows'}", good, len(moments), what)
    assert good == len(moments)
