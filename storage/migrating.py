"""Brings a database to the newest schema; safe when several processes start at once or one is killed midway."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage import copies, soundness
from storage.engine import Database
from storage.troubles import StorageError, explained

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK_KEY = 736_846_001
_WAIT_MS = 60_000


def configured(scripts: Path, db: Connection | None = None) -> Config:
    """Return Alembic's configuration for a folder of migrations and an open connection."""
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = db
    return config


def head(scripts: Path = SCRIPTS) -> str:
    """Return the newest revision."""
    return ScriptDirectory.from_config(configured(scripts)).get_current_head() or ""


def knows(revision: str, scripts: Path = SCRIPTS) -> bool:
    """Tell whether this version of the program can bring a revision to head."""
    directory = ScriptDirectory.from_config(configured(scripts))
    return revision in {script.revision for script in directory.walk_revisions()}


def current(database: Database) -> str | None:
    """Return the database's revision; None when it is blank."""
    with database.engine.connect() as db:
        return MigrationContext.configure(db).get_current_revision()


def prepare(database: Database) -> bool:
    """Make a database ready to serve people: sound, reachable, with room, at head. Returns whether it migrated.

    Raises StorageError with the mend.
    """
    soundness.require_sound(database)
    if file := soundness.sqlite_file(database):
        soundness.require_room(file.parent)
    try:
        soundness.require_durable(database)
        done = upgrade(database)
    except DBAPIError as error:
        raise StorageError(f"{database.engine.url.render_as_string()}: {explained(error)}") from error
    soundness.note_made(database)
    return done


def upgrade(database: Database, scripts: Path = SCRIPTS, *, keep_copy: bool = True) -> bool:
    """Migrate to head; return whether this process did the work. A SQLite file is copied first.

    One process migrates while the others wait: SQLite by its write lock, PostgreSQL by an advisory lock. All
    steps are one transaction, so that a kill in between leaves the old schema.
    """
    before, newest = current(database), head(scripts)
    if before == newest:
        return False
    if before is not None:
        _require_known(before, scripts)
        if keep_copy:
            _keep_copy(database, f"sebelum-{before}-ke-{newest}")
    try:
        with database.write_lock, database.engine.connect() as plain:
            return _upgrade(plain.execution_options(begin_immediate=True), scripts, newest)
    finally:
        # The connection that migrated has settings of its own, and the others have seen the old schema.
        database.engine.dispose()


def _upgrade(db: Connection, scripts: Path, newest: str) -> bool:
    sqlite = db.dialect.name == "sqlite"
    if sqlite:
        _prepare_sqlite(db)
    with db.begin():
        if not sqlite:
            db.execute(text(f"SET LOCAL lock_timeout = {_WAIT_MS}"))
            db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        if MigrationContext.configure(db).get_current_revision() == newest:
            return False
        command.upgrade(configured(scripts, db), "head")
        if sqlite and db.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise StorageError("The migration left a row that refers to none. It was undone; ask for help")
    return True


def _prepare_sqlite(db: Connection) -> None:
    # Rebuilding a table (batch mode) drops it for a moment; references are checked when it is back.
    raw: Any = db.connection.driver_connection
    raw.execute(f"PRAGMA busy_timeout={_WAIT_MS}")
    raw.execute("PRAGMA foreign_keys=OFF")


def _require_known(revision: str, scripts: Path) -> None:
    if not knows(revision, scripts):
        raise StorageError(
            f"The database is at revision {revision}, which this version of SiNetral does not know. "
            "Start the newer version, or restore a backup of this one"
        )


def _keep_copy(database: Database, name: str) -> None:
    file = soundness.sqlite_file(database)
    if file is None:
        return
    soundness.require_sound(database)
    soundness.require_room(file.parent, 3 * soundness.megabytes(file) + soundness.ROOM_MB, work="The migration")
    target = file.with_name(f"{file.stem}-{name}.db")
    # Another process that starts at the same time may be faster.
    with suppress(FileExistsError):
        copies.copy(file, target)
