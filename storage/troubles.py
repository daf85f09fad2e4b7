"""What can be wrong with the database, told apart for those who must say it to people."""

from typing import Literal

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

Kind = Literal["full", "busy", "away", "damaged"]

_SAID: tuple[tuple[str, Kind], ...] = (
    ("disk is full", "full"),
    ("no space left", "full"),
    ("disk quota exceeded", "full"),
    ("database is locked", "busy"),
    ("database table is locked", "busy"),
    ("lock timeout", "busy"),
    ("too many clients", "busy"),
    ("remaining connection slots", "busy"),
    ("malformed", "damaged"),
    ("not a database", "damaged"),
    ("disk i/o error", "damaged"),
)
_MENDS: dict[Kind | None, str] = {
    "full": "The disk is full: free some space and again; nothing was changed",
    "busy": "Another process holds the database: wait until it is done, or stop it",
    "away": "It does not answer: start it, or correct SINETRAL_DATABASE_URL",
    "damaged": "Restore the last backup: python cli.py restore FILE",
    None: "Nothing was changed",
}


class StorageError(Exception):
    """The database or a backup cannot be used as it is; the text says why and what to do next."""


class Busy(Exception):
    """Another transaction holds the database for longer than a person should wait; nothing was written."""


def kind_of(error: BaseException) -> Kind | None:
    """Return what is wrong with the database, or None when the error is of another sort. Nothing was committed."""
    if isinstance(error, Busy | PoolTimeout):
        return "busy"
    if not isinstance(error, DBAPIError):
        return None
    said = str(error.orig).lower()
    found = next((kind for words, kind in _SAID if words in said), None)
    return found or ("away" if error.connection_invalidated or _unreachable(error) else None)


def explained(error: BaseException) -> str:
    """Return what a driver said in one line, and the mend for whoever runs the machine."""
    said = str(getattr(error, "orig", error)).strip().partition("\n")[0]
    return f"{said}. {_MENDS[kind_of(error)]}"


def _unreachable(error: DBAPIError) -> bool:
    # psycopg names no state when it could not connect at all.
    return type(error.orig).__name__ == "OperationalError" and getattr(error.orig, "sqlstate", "") is None
