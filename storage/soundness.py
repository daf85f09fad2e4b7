"""Whether a SQLite file may be written: there, whole, with room left on its disk. PostgreSQL looks after itself."""

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from storage.engine import Database
from storage.troubles import StorageError

ROOM_MB = 32
_MEGABYTE = 1024 * 1024
_MEND = "Restore the last backup: python cli.py restore FILE"


def sqlite_file(database: Database) -> Path | None:
    """Return the file of a SQLite database, None for PostgreSQL."""
    url = database.engine.url
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def connect(file: Path) -> sqlite3.Connection:
    """Open an existing SQLite file without our engine's settings; never makes one."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=5, isolation_level=None)


def faults_in(file: Path, *, thorough: bool = False) -> str:
    """Return what SQLite finds wrong with a file, or an empty string.

    The quick check reads every page, the thorough one compares indexes and references as well. Neither can see
    a changed letter inside a text: for answers that is what the audit log and replayed marking are for.
    """
    try:
        with closing(connect(file)) as db:
            db.execute("PRAGMA query_only=ON")
            found = [str(row[0]) for row in db.execute(f"PRAGMA {'integrity' if thorough else 'quick'}_check(3)")]
            if thorough and found == ["ok"] and db.execute("PRAGMA foreign_key_check").fetchone():
                return "a row refers to one that is not there"
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == ["ok"] else found[-1].replace("\n", " ")


def require_sound(database: Database) -> None:
    """Refuse a database that is damaged, or that was here and is gone. Writes nothing. Raises StorageError."""
    file = sqlite_file(database)
    if file is None:
        return
    if not file.exists() or not file.stat().st_size:
        if _mark(file).exists():
            # A blank database in its place would look like a new installation, and everybody's record would be gone.
            raise StorageError(f"{file} is gone or empty, but was here. {_MEND}. To begin anew, delete {_mark(file)}")
        return
    if found := faults_in(file):
        raise StorageError(f"{file} is damaged ({found}). Nothing was written. {_MEND}")


def require_durable(database: Database) -> None:
    """Refuse a PostgreSQL that may forget what it has confirmed. Raises StorageError."""
    if sqlite_file(database) is not None:
        return
    with database.read() as transaction:
        for setting in ("fsync", "synchronous_commit"):
            if transaction.db.exec_driver_sql(f"SHOW {setting}").scalar_one() == "off":
                raise StorageError(f"PostgreSQL has {setting} = off: a crash would lose saved answers. Set it to on")


def note_made(database: Database) -> None:
    """Remember that a database was made here, beside it."""
    file = sqlite_file(database)
    if file is not None:
        with suppress(OSError):
            _mark(file).touch()


def _mark(file: Path) -> Path:
    return file.with_name(f"{file.name}.made")


def require_room(folder: Path, megabytes: float = ROOM_MB, *, work: str = "SiNetral") -> None:
    """Refuse work that a full disk would cut short. Raises StorageError."""
    free = shutil.disk_usage(folder).free / _MEGABYTE
    if free < megabytes:
        raise StorageError(
            f"{work} needs {megabytes:.0f} MB in {folder}, {free:.0f} MB are free. "
            "Nothing was written. Free some space and start again"
        )


def megabytes(file: Path) -> float:
    """Return the size of a SQLite file with its write-ahead log."""
    parts = (file, file.with_name(f"{file.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists()) / _MEGABYTE
