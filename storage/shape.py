"""What each revision has, and whether a backup holds it all: tables, columns, and what guards them by name.

Guards are the unique indexes. A UNIQUE inside a table has no name on SQLite and is not looked at, nor is what an
index of that name does.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, inspect

from storage import migrating, soundness
from storage.troubles import StorageError

Tables = Mapping[str, frozenset[str]]
_GUARDS = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE %'"
_COLUMNS = "SELECT name FROM pragma_table_info(?)"
_MEND = "Take another backup; the present database is as it was"


@dataclass(frozen=True)
class Held:
    """What a backup holds: the revisions that it names, one when all is well, the columns of each table, its guards."""

    revisions: tuple[str, ...]
    tables: Tables
    guards: frozenset[str]


def in_sqlite(file: Path) -> Held:
    """Return what a SQLite file holds, ours or not."""
    with closing(soundness.connect(file)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: frozenset(row[0] for row in db.execute(_COLUMNS, (name,))) for name in names}
        guards = frozenset(name for (name,) in db.execute(_GUARDS))
        return Held(_revisions(db) if "version_num" in tables.get("alembic_version", ()) else (), tables, guards)


def _revisions(db: sqlite3.Connection) -> tuple[str, ...]:
    return tuple(str(number) for (number,) in db.execute("SELECT version_num FROM alembic_version"))


def at(revision: str) -> Held:
    """Return what the migrations make up to a revision, in a SQLite database in memory."""
    engine = create_engine("sqlite://")
    try:
        with engine.connect() as db, db.begin():
            command.upgrade(migrating.configured(migrating.SCRIPTS, db), revision)
            seen = inspect(db)
            tables = {
                name: frozenset(column["name"] for column in seen.get_columns(name)) for name in seen.get_table_names()
            }
            return Held((revision,), tables, frozenset(db.exec_driver_sql(_GUARDS).scalars()))
    finally:
        engine.dispose()


def require_ours(file: Path, held: Held) -> None:
    """Refuse what is not a whole database of a revision that this version knows. Raises StorageError."""
    if not held.revisions:
        raise StorageError(f"{file} holds no SiNetral database. {_MEND}")
    if len(held.revisions) > 1:
        raise StorageError(f"{file} names {len(held.revisions)} revisions at once. {_MEND}")
    revision = held.revisions[0]
    if not migrating.knows(revision):
        raise StorageError(f"{file} is of a newer version (revision {revision}): install that version first")
    if found := difference(at(revision), held):
        raise StorageError(f"{file} is no whole SiNetral database of revision {revision}: {found}. {_MEND}")


def difference(expected: Held, found: Held) -> str:
    """Return what is missing or too much, or an empty string. Tables and guards that are not ours do no harm."""
    for name, columns in expected.tables.items():
        if name not in found.tables:
            return f"table {name} is missing"
        if missing := columns - found.tables[name]:
            return f"table {name} lacks {', '.join(sorted(missing))}"
        if more := found.tables[name] - columns:
            return f"table {name} has an unknown {', '.join(sorted(more))}"
    if gone := expected.guards - found.guards:
        return f"without {', '.join(sorted(gone))}"
    return ""
