"""Backups: a consistent, checked copy while people work, and the way back."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from storage import audit, copies, migrating, postgres_tools, shape, soundness
from storage.engine import Database, open_database
from storage.troubles import StorageError, explained

_SQLITE = b"SQLite format 3\0"
_POSTGRES = b"PGDMP"
# The byte range that every connection of SQLite locks while it is open in WAL mode (file format, section 1.2).
_SHARED_LOCK = (0x40000002, 510)


@dataclass(frozen=True)
class Done:
    """What a backup or a restore made. `aside` holds the database as it was before the restore.

    `log` is what a restore found in the audit log of the backup, which it restored all the same.
    """

    file: Path
    megabytes: float
    revision: str
    aside: Path | None = None
    log: audit.Verdict | None = None


def backup(database: Database, file: Path) -> Done:
    """Write a backup of a database in use. Never overwrites; readable by the owner alone. Raises StorageError."""
    source = soundness.sqlite_file(database)
    try:
        if source is None:
            with copies.beside(file) as part:
                revision = postgres_tools.dump(database.engine.url, part)
        else:
            _require_there(source)
            copies.copy(source, file)
            revision = ", ".join(shape.in_sqlite(file).revisions)
    except FileExistsError as error:
        raise StorageError(f"{file} exists already. Give a new name; nothing was written") from error
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror}. Choose another folder or free some space") from error
    return Done(file, file.stat().st_size / 1024**2, revision)


def restore(url: str, file: Path, *, aside_folder: Path, secret: str = "") -> Done:
    """Put a backup in the place of the present database, which is kept aside; an older one is migrated.

    All or nothing; refused while a server holds the database. A changed audit log is no reason to refuse: such a
    backup may be all that is left. The restore says so and notes it. Raises StorageError.
    """
    database = open_database(url, secret)
    target = soundness.sqlite_file(database)
    kind = _kind(file)
    if kind != ("PostgreSQL" if target is None else "SQLite"):
        raise StorageError(f"{file} is a backup of {kind}, SINETRAL_DATABASE_URL names another kind of database")
    stamp = f"sebelum-pemulihan-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    try:
        if target is None:
            return _restore_postgres(database, file, secret, aside_folder / f"{stamp}.dump")
        return _restore_sqlite(target, file, secret, target.with_name(f"{target.stem}-{stamp}.db"))
    except OSError as error:
        raise StorageError(f"{error.filename}: {error.strerror}. The database is as it was") from error
    except (sqlite3.Error, SQLAlchemyError, CommandError) as error:
        raise StorageError(f"{file} was not restored: {explained(error)}. Else take another backup") from error
    finally:
        database.engine.dispose()


def _kind(file: Path) -> str:
    try:
        with file.open("rb") as content:
            start = content.read(len(_SQLITE))
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror}. Name a file that the command backup wrote") from error
    if start == _SQLITE:
        return "SQLite"
    if start.startswith(_POSTGRES):
        return "PostgreSQL"
    raise StorageError(f"{file} is no backup. Name a file that the command backup wrote")


def _require_there(source: Path) -> None:
    if not source.exists() or not source.stat().st_size:
        raise StorageError(f"{source} does not exist: there is nothing to back up. Check SINETRAL_DATA_DIR")


# --- SQLite ---------------------------------------------------------------------------------------------------


def _restore_sqlite(target: Path, file: Path, secret: str, aside: Path) -> Done:
    copies.require_whole(file)
    shape.require_ours(file, shape.in_sqlite(file))
    target.parent.mkdir(parents=True, exist_ok=True)
    soundness.require_room(target.parent, 2 * soundness.megabytes(file) + soundness.ROOM_MB, work="The restore")
    with _alone(target):
        fresh = aside.with_suffix(".baru")
        try:
            copies.copy(file, fresh)
            revision, log = _brought_to_head(f"sqlite:///{fresh}", secret, file)
            kept = _swap(fresh, target, aside)
        finally:
            for leftover in copies.with_companions(fresh):
                leftover.unlink(missing_ok=True)
    return Done(target, soundness.megabytes(target), revision, kept, log)


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Hold the database for ourselves, its write-ahead log taken in. Raises StorageError while others hold it."""
    if not target.exists():
        yield
        return
    held = StorageError(f"A server or command holds {target}. Stop it (systemctl stop sinetral) and again")
    if _locked_by_others(target):
        raise held
    with closing(sqlite3.connect(target, timeout=1, isolation_level=None)) as db:
        try:
            # Leaving WAL needs every other connection gone, idle ones too, and empties the log into the file.
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            db.execute("PRAGMA journal_mode=DELETE")
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise held from error
            # Damaged: that is why it is restored. It is put aside with its log as it is.
        if os.name == "nt":
            db.close()  # Windows renames no open file.
        yield


def _locked_by_others(file: Path) -> bool:
    """Tell whether another process has the file open, which works on a damaged file as well."""
    try:
        import fcntl
    except ImportError:
        return False  # Windows: an open file cannot be renamed there.
    start, length = _SHARED_LOCK
    with file.open("r+b") as handle:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
        except (BlockingIOError, PermissionError):
            return True
    return False


def _swap(fresh: Path, target: Path, aside: Path) -> Path | None:
    """Keep the old database under another name, with its log if one is left, and give its name to the fresh one."""
    pairs = zip(copies.with_companions(target), copies.with_companions(aside), strict=True)
    moved = [(old, new) for old, new in pairs if old.exists()]
    try:
        for old, new in moved:
            old.rename(new)
        fresh.rename(target)
    except OSError:
        for old, new in moved:
            if new.exists():
                new.replace(old)
        raise
    copies.settle(target.parent)
    return aside if moved else None


def _brought_to_head(url: str, secret: str, source: Path) -> tuple[str, audit.Verdict]:
    """Migrate what was restored; return its revision and the state of its audit log."""
    database = open_database(url, secret)
    try:
        migrating.upgrade(database, keep_copy=False)
        log = _note_restore(database, source)
        with database.engine.connect() as db:
            if database.engine.dialect.name == "sqlite":
                db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return migrating.current(database) or "", log
    finally:
        database.engine.dispose()


def _note_restore(database: Database, source: Path) -> audit.Verdict:
    with database.write() as transaction:
        db, now, actor = transaction.db, transaction.now, "system:terminal"
        # Another secret is what a move to another machine looks like, and what a forger leaves: the row must say it.
        found = audit.seal(db, now=now, actor=actor)
        log = {} if found.intact else {"audit": found.told}
        # An audit log that jumps back in time says why.
        detail = {"backup": source.name, **log}
        audit.record(db, now=now, actor=actor, action="database.restore", object="installation:1", detail=detail)
    return found


# --- PostgreSQL -----------------------------------------------------------------------------------------------


def _restore_postgres(database: Database, file: Path, secret: str, aside: Path) -> Done:
    url = database.engine.url
    shape.require_ours(file, postgres_tools.held_in(file))
    postgres_tools.require_alone(database)
    aside.parent.mkdir(parents=True, exist_ok=True)
    with copies.beside(aside) as part:
        postgres_tools.dump(url, part)
    postgres_tools.replace(database, file, scratch=aside.parent)
    try:
        revision, log = _brought_to_head(url.render_as_string(hide_password=False), secret, file)
    except Exception:
        # Its rows do not fit the migrations: there is no second database to find that out in.
        postgres_tools.replace(database, aside, scratch=aside.parent)
        raise
    return Done(file, file.stat().st_size / 1024**2, revision, aside, log)
