"""What is wrong with a database is told apart, from real drivers, and a start refuses with the mend."""

import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text

from storage import migrating, soundness, troubles
from storage.engine import Database, open_database
from storage.tables import unit
from storage.troubles import StorageError
from tests.server import free_port

Usage = namedtuple("Usage", "total used free")


def _caught(action: Callable[[], Any]) -> Exception:
    try:
        action()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def _sqlite(tmp_path: Path) -> Database:
    database = open_database(f"sqlite:///{tmp_path / 'own' / 'sinetral.db'}")
    migrating.prepare(database)
    return database


def test_a_full_disk_is_told_and_nothing_is_half_done(tmp_path: Path) -> None:
    database = _sqlite(tmp_path)

    def fill() -> None:
        with database.write() as transaction:
            pages = transaction.db.exec_driver_sql("PRAGMA page_count").scalar_one()
            # Stands for the disk: SQLite answers in the same words.
            transaction.db.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
            transaction.db.execute(insert(unit), [{"name": f"Dinas {n} {'x' * 500}"} for n in range(100)])

    assert troubles.kind_of(_caught(fill)) == "full"
    with database.read() as transaction:
        assert transaction.db.execute(text("SELECT count(*) FROM unit")).scalar() == 0


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"bukan basis data" * 400)
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    error = _caught(lambda: migrating.current(database))
    assert troubles.kind_of(error) == "damaged"
    assert "python cli.py restore FILE" in troubles.explained(error)


def test_a_postgresql_that_does_not_answer_is_told_without_its_password() -> None:
    database = open_database(f"postgresql://sinetral:rahasia@127.0.0.1:{free_port()}/sinetral")
    error = _caught(lambda: migrating.prepare(database))
    assert isinstance(error, StorageError)
    assert "start it, or correct SINETRAL_DATABASE_URL" in str(error)
    assert "rahasia" not in str(error)
    assert "\n" not in str(error)


def test_an_error_of_another_sort_is_no_trouble_of_the_database(database: Database) -> None:
    def twice() -> None:
        with database.write() as transaction:
            transaction.db.execute(insert(unit), [{"name": "Dinas Rahasia"}, {"name": "Dinas Rahasia"}])

    error = _caught(twice)
    assert troubles.kind_of(error) is None
    assert troubles.kind_of(ValueError("database is locked")) is None


def test_parameters_stay_out_of_error_messages(database: Database) -> None:
    def wrong() -> None:
        with database.write() as transaction:
            transaction.db.execute(text("INSERT INTO tidak_ada VALUES (:nip)"), {"nip": "199001012015032901"})

    assert "199001012015032901" not in str(_caught(wrong))


def test_a_start_without_room_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = _sqlite(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(10**9, 10**9, 3 * 1024**2))
    with pytest.raises(StorageError, match=r"needs 32 MB in .*, 3 MB are free.*Free some space and start again"):
        migrating.prepare(database)


def test_a_revision_from_the_future_is_refused_with_the_mend(database: Database) -> None:
    with database.write() as transaction:
        transaction.db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="Start the newer version, or restore a backup of this one"):
        migrating.prepare(database)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_postgresql_that_may_forget_is_refused(database: Database) -> None:
    soundness.require_durable(database)
    with database.write() as transaction:
        name = transaction.db.execute(text("SELECT current_database()")).scalar_one()
        transaction.db.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    database.engine.dispose()
    with pytest.raises(StorageError, match="synchronous_commit = off"):
        migrating.prepare(database)


def test_a_migration_keeps_a_copy_of_the_file_before_it(tmp_path: Path) -> None:
    database = _sqlite(tmp_path)
    scripts = tmp_path / "migrations"
    shutil.copytree(migrating.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    before = migrating.head()
    (scripts / "versions" / "9001_next.py").write_text(
        f"from alembic import op\nrevision, down_revision = '9001', '{before}'\n"
        "def upgrade():\n    op.execute(\"INSERT INTO unit (name) VALUES ('baru')\")\n"
    )
    assert migrating.upgrade(database, scripts) is True
    kept = tmp_path / "own" / f"sinetral-sebelum-{before}-ke-9001.db"
    assert migrating.current(open_database(f"sqlite:///{kept}")) == before
    assert migrating.current(database) == "9001"


def test_a_migration_that_loses_a_reference_is_undone(tmp_path: Path) -> None:
    database = _sqlite(tmp_path)
    scripts = tmp_path / "migrations"
    shutil.copytree(migrating.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9001_next.py").write_text(
        f"from alembic import op\nrevision, down_revision = '9001', '{migrating.head()}'\n"
        "def upgrade():\n    op.execute(\"INSERT INTO unit (name, parent_id) VALUES ('yatim', 77)\")\n"
    )
    with pytest.raises(StorageError, match="It was undone"):
        migrating.upgrade(database, scripts)
    assert migrating.current(database) == migrating.head()
    with database.read() as transaction:
        assert transaction.db.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert transaction.db.execute(text("SELECT count(*) FROM unit")).scalar() == 0
