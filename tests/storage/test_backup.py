"""Backup and restore: whole or refused, nothing overwritten, the database before it kept aside."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from storage import audit, backup, copies, migrating, soundness
from storage.engine import Database, open_database
from storage.tables import unit
from storage.troubles import StorageError
from tests.conftest import SECRET
from tests.postgres import programs

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def _postgres_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", programs())


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def _is_sqlite(database: Database) -> bool:
    return database.engine.dialect.name == "sqlite"


def _add_units(database: Database, *names: str) -> None:
    with database.write() as transaction:
        transaction.db.execute(insert(unit), [{"name": name} for name in names])
        audit.record(transaction.db, now=transaction.now, actor="system:test", action="x", object="unit:1")


def _units(database: Database) -> list[str]:
    with database.read() as transaction:
        return list(transaction.db.execute(select(unit.c.name).order_by(unit.c.id)).scalars())


def test_restore_brings_back_what_the_backup_held(database: Database, tmp_path: Path) -> None:
    _add_units(database, "Dinas “Kominfo”", "Badan'")
    file = tmp_path / "cadangan"
    made = backup.backup(database, file)
    _add_units(database, "nanti")
    database.engine.dispose()
    done = backup.restore(_url(database), file, aside_folder=tmp_path, secret=SECRET)
    assert _units(database) == ["Dinas “Kominfo”", "Badan'"]
    assert (made.revision, done.revision) == (migrating.head(), migrating.head())
    with database.read() as transaction:
        assert audit.verify(transaction.db).intact
    # And the way back: what the restore replaced is a backup itself.
    assert done.aside is not None
    database.engine.dispose()
    backup.restore(_url(database), done.aside, aside_folder=tmp_path / "lain")
    assert _units(database) == ["Dinas “Kominfo”", "Badan'", "nanti"]


def test_backup_is_for_its_owner_alone_and_overwrites_nothing(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "cadangan"
    backup.backup(database, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(StorageError, match="exists already"):
        backup.backup(database, file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_backup_into_a_missing_folder_says_so(database: Database, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Choose another folder"):
        backup.backup(database, tmp_path / "tidak-ada" / "cadangan")


def test_backup_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nothing to back up"):
        backup.backup(open_database(f"sqlite:///{tmp_path / 'kosong' / 'x.db'}"), tmp_path / "cadangan")
    assert list(tmp_path.glob("cadangan*")) == []


def test_restore_is_refused_while_another_process_holds_the_database(database: Database, tmp_path: Path) -> None:
    _add_units(database, "Dinas")
    file = tmp_path / "cadangan"
    backup.backup(database, file)
    database.engine.dispose()
    with _held_by_another_process(_url(database)), pytest.raises(StorageError, match="hold"):
        backup.restore(_url(database), file, aside_folder=tmp_path)
    _add_units(database, "nanti")
    assert _units(database) == ["Dinas", "nanti"]


def test_restore_is_refused_while_a_server_holds_a_damaged_file(sqlite_template: Path, tmp_path: Path) -> None:
    database = _own(sqlite_template, tmp_path)
    backup.backup(database, tmp_path / "cadangan")
    database.engine.dispose()
    with _held_by_another_process(_url(database)):
        with (tmp_path / "own" / "sinetral.db").open("r+b") as file:
            file.write(b"rusak" * 20)
        with pytest.raises(StorageError, match="holds"):
            backup.restore(_url(database), tmp_path / "cadangan", aside_folder=tmp_path)
    backup.restore(_url(database), tmp_path / "cadangan", aside_folder=tmp_path)
    assert _units(database) == []


@contextmanager
def _held_by_another_process(url: str) -> Iterator[None]:
    """An idle server: it has read once, and keeps its connection."""
    script = (
        "import sys; from storage.engine import open_database\n"
        "database = open_database(sys.argv[1])\n"
        "with database.read(): pass\n"
        "print('ready', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield
        process.kill()


def test_restore_replaces_a_damaged_database_and_keeps_it(sqlite_template: Path, tmp_path: Path) -> None:
    database = _own(sqlite_template, tmp_path)
    file = tmp_path / "cadangan"
    _add_units(database, "Dinas")
    backup.backup(database, file)
    database.engine.dispose()
    broken = tmp_path / "own" / "sinetral.db"
    broken.write_bytes(b"x" * 5000)
    done = backup.restore(_url(database), file, aside_folder=tmp_path)
    assert _units(database) == ["Dinas"]
    assert done.aside is not None
    assert done.aside.read_bytes() == b"x" * 5000


def _own(template: Path, tmp_path: Path) -> Database:
    (tmp_path / "own").mkdir()
    shutil.copy(template, tmp_path / "own" / "sinetral.db")
    return open_database(f"sqlite:///{tmp_path / 'own' / 'sinetral.db'}")


def test_restore_takes_in_what_a_killed_server_left_in_its_log(sqlite_template: Path, tmp_path: Path) -> None:
    """The database that is kept aside must hold the last answers too: they may be in the -wal file alone."""
    database = _own(sqlite_template, tmp_path)
    file = tmp_path / "cadangan"
    backup.backup(database, file)
    database.engine.dispose()
    script = (
        "import os, sys; from sqlalchemy import insert; from storage.engine import open_database\n"
        "from storage.tables import unit\n"
        "with open_database(sys.argv[1]).write() as t: t.db.execute(insert(unit).values(name='terakhir'))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script, _url(database)], cwd=ROOT, check=False)
    assert (tmp_path / "own" / "sinetral.db-wal").stat().st_size
    done = backup.restore(_url(database), file, aside_folder=tmp_path)
    assert _units(database) == []
    assert _units(open_database(f"sqlite:///{done.aside}")) == ["terakhir"]


def test_restore_refuses_what_is_no_backup(database: Database, tmp_path: Path) -> None:
    _add_units(database, "Dinas")
    text_file, empty, cut = tmp_path / "catatan.txt", tmp_path / "kosong", tmp_path / "terpotong"
    text_file.write_text("bukan cadangan")
    empty.touch()
    backup.backup(database, tmp_path / "utuh")
    cut.write_bytes((tmp_path / "utuh").read_bytes()[: (tmp_path / "utuh").stat().st_size * 2 // 3])
    database.engine.dispose()
    for file in (text_file, empty, cut, tmp_path / "tidak-ada"):
        with pytest.raises(StorageError):
            backup.restore(_url(database), file, aside_folder=tmp_path)
    assert _units(database) == ["Dinas"]
    assert list(tmp_path.rglob("*sebelum-pemulihan*")) == []


def test_restore_refuses_a_backup_of_the_other_kind(database: Database, tmp_path: Path) -> None:
    other = tmp_path / "lain"
    if _is_sqlite(database):
        other.write_bytes(b"PGDMP" + b"x" * 100)
    else:
        with closing(sqlite3.connect(other)) as db:
            db.execute("CREATE TABLE a (b)")
    with pytest.raises(StorageError, match="another kind"):
        backup.restore(_url(database), other, aside_folder=tmp_path)


def test_restore_refuses_a_newer_backup_and_a_foreign_one(database: Database, tmp_path: Path) -> None:
    with database.write() as transaction:
        transaction.db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backup.backup(database, tmp_path / "baru")
    with database.write() as transaction:
        transaction.db.execute(text("DROP TABLE alembic_version"))
    backup.backup(database, tmp_path / "asing")
    database.engine.dispose()
    with pytest.raises(StorageError, match="newer version"):
        backup.restore(_url(database), tmp_path / "baru", aside_folder=tmp_path)
    with pytest.raises(StorageError, match="no SiNetral database"):
        backup.restore(_url(database), tmp_path / "asing", aside_folder=tmp_path)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_missing_programs_of_postgresql_are_named_with_their_package(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StorageError, match=r"pg_dump is missing\. Install it .apt-get install postgresql-client"):
        backup.backup(database, tmp_path / "cadangan")
    assert list(tmp_path.glob("*cadangan*")) == []


def test_a_disk_too_small_for_the_copy_leaves_nothing_behind(sqlite_template: Path, tmp_path: Path) -> None:
    """A file size limit stands for the full disk: SQLite meets the same failed write."""
    database = _own(sqlite_template, tmp_path)
    _add_units(database, *(f"Dinas {number} {'x' * 200}" for number in range(5000)))
    script = (
        "import resource, sys, signal; from pathlib import Path; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from storage import backup; from storage.engine import open_database\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))\n"
        "try: backup.backup(open_database(sys.argv[1]), Path(sys.argv[2]))\n"
        "except backup.StorageError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, _url(database), str(tmp_path / "cadangan")],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert "could not be copied" in done.stdout, done.stderr
    assert list(tmp_path.glob("*cadangan*")) == []
    assert len(_units(database)) == 5000


def test_copy_of_a_damaged_database_is_refused(sqlite_template: Path, tmp_path: Path) -> None:
    database = _own(sqlite_template, tmp_path)
    _add_units(database, *(f"Dinas {number}" for number in range(500)))
    database.engine.dispose()
    file = tmp_path / "own" / "sinetral.db"
    content = bytearray(file.read_bytes())
    content[-8192:-4096] = os.urandom(4096)
    file.write_bytes(content)
    assert soundness.faults_in(file)
    with pytest.raises(StorageError):
        copies.copy(file, tmp_path / "cadangan")
    assert list(tmp_path.glob("*cadangan*")) == []


def test_writers_go_on_during_a_backup(database: Database, tmp_path: Path) -> None:
    _add_units(database, *(f"Dinas {number} {'x' * 500}" for number in range(2000)))
    started = time.monotonic()
    backup.backup(database, tmp_path / "cadangan")
    _add_units(database, "sesudah")
    assert time.monotonic() - started < 30
    with database.read() as transaction:
        assert transaction.db.execute(select(func.count()).select_from(unit)).scalar() == 2001


def test_commands_write_and_restore(database: Database, tmp_path: Path) -> None:
    name = "Cadangan 21 November (malam) [1].db"
    environment = {**os.environ, "SINETRAL_DATABASE_URL": _url(database), "SINETRAL_COOKIE_SECRET": "x" * 40}
    _add_units(database, "Dinas")
    database.engine.dispose()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "cli.py"), *arguments]
        return subprocess.run(command, env=environment, check=False, capture_output=True, text=True)

    made = run("backup", str(tmp_path / name))
    assert (made.returncode, made.stderr) == (0, ""), made.stderr
    again = run("backup", str(tmp_path / name))
    assert again.returncode == 1
    assert len(again.stderr.strip().splitlines()) == 1
    _add_units(database, "nanti")
    database.engine.dispose()
    done = run("restore", str(tmp_path / name), "--json")
    assert done.returncode == 0, done.stderr
    assert _units(database) == ["Dinas"]
