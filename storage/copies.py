"""Copies of a live SQLite file: consistent, checked, whole or not there at all."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_hex

from storage import soundness
from storage.troubles import StorageError


def copy(file: Path, target: Path) -> None:
    """Write what a SQLite file holds at this moment to a new file. Raises StorageError, FileExistsError.

    VACUUM INTO reads one snapshot and holds no writer up; the online backup in steps starts over with every
    write and may never end.
    """
    with beside(target) as part:
        try:
            with closing(soundness.connect(file)) as db:
                db.execute("VACUUM INTO ?", (str(part),))
        except sqlite3.DatabaseError as error:
            raise StorageError(f"{file} could not be copied: {error}") from error
        require_whole(part)


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """Give a file of mode 0600 beside the target, which takes its name when the block succeeds, else goes.

    Raises FileExistsError: nothing is ever overwritten.
    """
    if target.exists():
        raise FileExistsError(str(target))
    part = target.with_name(f".{target.name}.{token_hex(4)}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        settle(part)
        _name(part, target)
        settle(target.parent)
    finally:
        for leftover in with_companions(part):
            leftover.unlink(missing_ok=True)


def with_companions(file: Path) -> list[Path]:
    """Return a SQLite file and those that SQLite may keep beside it."""
    return [file, *(file.with_name(f"{file.name}-{end}") for end in ("wal", "shm", "journal"))]


def _name(part: Path, target: Path) -> None:
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links, such as that of a USB stick.
        part.rename(target)


def settle(path: Path) -> None:
    """Push a file or the names in a folder to the disk."""
    folder = path.is_dir()
    if folder and os.name == "nt":
        return  # Windows opens no folder.
    handle = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def require_whole(file: Path) -> None:
    """Check a copy thoroughly. Raises StorageError."""
    if found := soundness.faults_in(file, thorough=True):
        raise StorageError(f"{file} is no whole SQLite database ({found}). Take another copy")
