"""Brings a database to the newest schema; safe when several processes start at once."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.engine import Database

_LOCK_KEY = 736_846_001
_WAIT_MS = 60_000


def _config(db: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = db
    return config


def head() -> str:
    """Return the newest revision."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(database: Database) -> str | None:
    """Return the database's revision; None when it is blank."""
    with database.engine.connect() as db:
        return MigrationContext.configure(db).get_current_revision()


def upgrade(database: Database) -> bool:
    """Migrate to head; return whether this process did the work. A SQLite file is copied first.

    One process migrates while the others wait: SQLite by its write lock, PostgreSQL by an advisory lock.
    """
    before = current(database)
    if before == head():
        return False
    sqlite = database.engine.dialect.name == "sqlite"
    if sqlite and before is not None:
        _copy(database, before)
    with database.write_lock, database.engine.connect() as plain:
        db = plain.execution_options(begin_immediate=True)
        if sqlite:
            _wait_longer(db)
        with db.begin():
            if not sqlite:
                db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            if MigrationContext.configure(db).get_current_revision() == head():
                return False
            command.upgrade(_config(db), "head")
    database.engine.dispose()
    return True


def _wait_longer(db: Connection) -> None:
    # Rebuilding a table (batch mode) drops it for a moment; foreign keys are checked again by the next connection.
    raw: Any = db.connection.driver_connection
    raw.execute(f"PRAGMA busy_timeout={_WAIT_MS}")
    raw.execute("PRAGMA foreign_keys=OFF")


def _copy(database: Database, revision: str) -> None:
    file = Path(str(database.engine.url.database))
    target = file.with_name(f"{file.stem}-sebelum-{revision}-ke-{head()}.db")
    if target.exists():
        return
    with database.engine.connect() as db:
        raw: Any = db.connection.driver_connection
        raw.execute("VACUUM INTO ?", (str(target),))
