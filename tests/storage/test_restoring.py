"""What a restore refuses before it touches the present database, and what it restores with a warning."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, delete, insert, select, text, update
from typer.testing import CliRunner

from cli import app
from storage import audit, backup, copies, migrating, soundness
from storage.engine import Database, open_database
from storage.tables import audit as rows
from storage.tables import installation, unit
from storage.troubles import StorageError
from tests.conftest import SECRET
from tests.postgres import programs
from tests.tampering import guard, unguard


@pytest.fixture(autouse=True)
def _postgres_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", programs())


def _url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def _add_unit(database: Database, name: str) -> None:
    with database.write() as transaction:
        transaction.db.execute(insert(unit).values(name=name))
        audit.record(transaction.db, now=transaction.now, actor="system:test", action="x", object="unit:1")


def _units(database: Database) -> list[str]:
    with database.read() as transaction:
        return list(transaction.db.execute(select(unit.c.name).order_by(unit.c.id)).scalars())


def _spoilt(database: Database, file: Path, *statements: str) -> None:
    """Back up a database after somebody worked on it by hand."""
    with database.write() as transaction:
        defined = unguard(transaction.db)
        for statement in statements:
            transaction.db.execute(text(statement))
        guard(transaction.db, defined)
    backup.backup(database, file)


SPOILT = {
    "DROP TABLE response": "table response is missing",
    "ALTER TABLE unit RENAME COLUMN zone TO zona": "table unit lacks zone",
    "ALTER TABLE unit ADD COLUMN warna TEXT": "table unit has an unknown warna",
    "UPDATE alembic_version SET version_num = '0001'": "no whole SiNetral database of revision 0001",
    "INSERT INTO alembic_version VALUES ('0001')": "names 2 revisions at once",
    "ALTER TABLE alembic_version RENAME COLUMN version_num TO nomor": "holds no SiNetral database",
    "DELETE FROM alembic_version": "holds no SiNetral database",
}


@pytest.mark.parametrize("statement", SPOILT)
def test_restore_refuses_a_database_that_is_not_whole(database: Database, tmp_path: Path, statement: str) -> None:
    _add_unit(database, "Dinas")
    _spoilt(database, tmp_path / "cadangan", statement)
    _add_unit(database, "nanti")
    database.engine.dispose()
    with pytest.raises(StorageError, match=f"{SPOILT[statement]}.*another backup"):
        backup.restore(_url(database), tmp_path / "cadangan", aside_folder=tmp_path)
    assert _units(database) == ["Dinas", "nanti"]
    assert list(tmp_path.rglob("*sebelum-pemulihan*")) == []


@pytest.mark.parametrize("name", ["uq_attempt_open", "uq_unit_parent_name", "uq_role_grant"])
def test_restore_refuses_a_database_without_a_unique_index(database: Database, tmp_path: Path, name: str) -> None:
    _spoilt(database, tmp_path / "cadangan", f"DROP INDEX {name}")
    database.engine.dispose()
    with pytest.raises(StorageError, match=f"without {name}"):
        backup.restore(_url(database), tmp_path / "cadangan", aside_folder=tmp_path)


@pytest.mark.parametrize("revision", ["0001", "0008"])
def test_a_whole_backup_of_each_age_is_taken(database: Database, tmp_path: Path, revision: str) -> None:
    """What it must hold is read from SQLite; PostgreSQL has the same by the same names."""
    _older(database, to=revision)
    backup.backup(database, tmp_path / "cadangan")
    database.engine.dispose()
    backup.restore(_url(database), tmp_path / "cadangan", aside_folder=tmp_path)
    assert migrating.current(database) == migrating.head()


def _older(database: Database, *statements: str, to: str = "0009") -> None:
    """Make it a database of the release before the audit log refused changes."""
    if file := soundness.sqlite_file(database):
        database.engine.dispose()
        for path in copies.with_companions(file):
            path.unlink(missing_ok=True)
    with database.engine.connect() as db, db.begin():
        if not file:
            db.execute(text("DROP SCHEMA public CASCADE"))
            db.execute(text("CREATE SCHEMA public"))
        command.upgrade(migrating.configured(migrating.SCRIPTS, db), to)
        for statement in statements:
            db.execute(text(statement))


def test_a_backup_that_a_migration_cannot_take_leaves_the_present_database(database: Database, tmp_path: Path) -> None:
    """Something of the migration stands there already. PostgreSQL finds that out in the database itself."""
    _older(database, "CREATE TABLE begun (person_id INTEGER)")
    backup.backup(database, tmp_path / "cadangan")
    with database.write() as transaction:
        transaction.db.execute(insert(unit).values(name="nanti"))
    database.engine.dispose()
    with pytest.raises(StorageError, match=r"already exists.*another backup"):
        backup.restore(_url(database), tmp_path / "cadangan", aside_folder=tmp_path)
    assert (_units(database), migrating.current(database)) == (["nanti"], "0009")


def test_an_older_backup_is_sealed_as_it_is_migrated(database: Database, tmp_path: Path) -> None:
    _older(database, "INSERT INTO installation VALUES ('audit.head', '3 abc')")
    backup.backup(database, tmp_path / "cadangan")
    database.engine.dispose()
    done = backup.restore(_url(database), tmp_path / "cadangan", aside_folder=tmp_path, secret=SECRET)
    assert done.log is not None
    assert (done.log.broken, done.log.reason) == (1, "the last 3 rows are missing")


@pytest.mark.parametrize("revision", ["0001", migrating.head()])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_restore_refuses_a_foreign_file_that_names_our_revision(
    database: Database, tmp_path: Path, revision: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "asing", isolation_level=None)) as db:
        db.execute("CREATE TABLE alembic_version (version_num TEXT)")
        db.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    database.engine.dispose()
    with pytest.raises(StorageError, match="is missing"):
        backup.restore(_url(database), tmp_path / "asing", aside_folder=tmp_path)


def test_a_backup_with_a_changed_audit_log_is_restored_with_a_warning(database: Database, tmp_path: Path) -> None:
    """It may be all that is left: refusing it would help whoever changed it."""
    _add_unit(database, "Dinas")
    _spoilt(database, tmp_path / "cadangan", "UPDATE audit SET actor = 'person:9' WHERE id = 1")
    database.engine.dispose()
    done = CliRunner().invoke(app, ["restore", str(tmp_path / "cadangan")])
    assert done.exit_code == 3
    assert "WARNING: restored, but the audit log in this backup was changed at row 1" in done.stderr
    assert _units(database) == ["Dinas"]
    with database.read() as transaction:
        said = transaction.db.execute(text("SELECT detail FROM audit WHERE action = 'database.restore'")).scalar_one()
        assert "changed at row 1" in said
        assert audit.verify(transaction.db).broken == 1


def test_another_secret_is_told_apart_from_an_edit(database: Database, tmp_path: Path) -> None:
    """The drill on another machine: what can be checked there is, and the log goes on under the new secret."""
    _add_unit(database, "Dinas")
    backup.backup(database, tmp_path / "cadangan")
    database.engine.dispose()
    done = backup.restore(_url(database), tmp_path / "cadangan", aside_folder=tmp_path, secret="y" * 40)
    assert done.log is not None
    assert (done.log.foreign, done.log.broken) == (True, None)
    elsewhere = open_database(_url(database), "y" * 40)
    with elsewhere.read() as transaction:
        assert audit.verify(transaction.db).intact
        told = list(transaction.db.execute(text("SELECT action, detail FROM audit ORDER BY id")))
    assert [row.action for row in told] == ["x", "audit.seal", "database.restore"]
    assert "foreign" in told[-1].detail
    elsewhere.engine.dispose()


def _without_row_3(db: Connection) -> None:
    """Take a row out, chain the rest anew, and seal it with a made-up secret: every row fits the others."""
    kept = [dict(row) for row in db.execute(select(rows).where(rows.c.id != 3).order_by(rows.c.id)).mappings()]
    db.execute(delete(rows))
    digest = "0" * 64
    for number, row in enumerate(kept, 1):
        row |= {"id": number, "previous": digest}
        digest = row["hash"] = audit._hash(row)
        db.execute(insert(rows).values(row))
    forged = audit.sealed(len(kept), digest, b"z" * 40)
    db.execute(update(installation).where(installation.c.key == "audit.head").values(value=forged))


def test_a_log_chained_anew_under_another_secret_is_not_washed_clean(database: Database, tmp_path: Path) -> None:
    for number in range(5):
        _add_unit(database, f"Dinas {number}")
    with database.write() as transaction:
        defined = unguard(transaction.db)
        _without_row_3(transaction.db)
        guard(transaction.db, defined)
    backup.backup(database, tmp_path / "cadangan")
    database.engine.dispose()
    done = CliRunner().invoke(app, ["restore", str(tmp_path / "cadangan")])
    assert done.exit_code == 0
    assert "WARNING: restored, but another secret sealed the audit log in this backup" in done.stderr
    with database.read() as transaction:
        said = transaction.db.execute(text("SELECT detail FROM audit WHERE action = 'database.restore'")).scalar_one()
        assert "foreign: the head was sealed with another secret" in said


def test_a_restore_on_the_same_machine_seals_nothing(database: Database, tmp_path: Path) -> None:
    _add_unit(database, "Dinas")
    backup.backup(database, tmp_path / "cadangan")
    database.engine.dispose()
    done = backup.restore(_url(database), tmp_path / "cadangan", aside_folder=tmp_path, secret=SECRET)
    assert done.log is not None
    assert done.log.intact
