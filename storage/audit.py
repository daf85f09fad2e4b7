"""The audit log: appended only, each row chained to the one before, the head of the chain kept apart and sealed."""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, insert, literal, select, text, true, update
from sqlalchemy.exc import SQLAlchemyError

from storage.tables import audit, installation
from storage.troubles import kind_of

_FIRST = "0" * 64
_LOCK_KEY = 736_846_002
_HEAD = "audit.head"
# A chain alone does not show that its last links were cut off: the head says how many there must be.
_head = select(installation.c.value).where(installation.c.key == _HEAD)
_newest = select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1).subquery()
_end = select(_head.scalar_subquery().label("head"), _newest).select_from(
    select(literal(1)).subquery().outerjoin(_newest, true())
)
# Rows and head in one statement, so that both are of one moment on PostgreSQL too; one row of NULLs when empty.
_whole = (
    select(_head.scalar_subquery().label("head"), audit)
    .select_from(select(literal(1)).subquery().outerjoin(audit, true()))
    .order_by(audit.c.id)
    .execution_options(yield_per=1000)
)
_after = _whole.where(audit.c.id > bindparam("last")).limit(1)
# What drivers and types raise for a cell that holds something else than the column's kind.
_UNREADABLE = (SQLAlchemyError, ValueError, TypeError, AttributeError, OverflowError)


@dataclass(frozen=True)
class Verdict:
    """What a walk over the whole chain found. `broken` is the id of the first row that is changed or missing.

    `foreign`: the rows fit each other, but another secret sealed the head, so that nobody can tell whether it is true.
    """

    rows: int
    head: str
    broken: int | None
    reason: str = ""
    foreign: bool = False

    @property
    def intact(self) -> bool:
        """True when every row is there as it was written."""
        return self.broken is None and not self.foreign

    @property
    def told(self) -> str:
        """What is wrong, for the row that notes it: `foreign: …` or `changed at row …`."""
        return f"foreign: {self.reason}" if self.foreign else f"changed at row {self.broken}: {self.reason}"


@dataclass(frozen=True)
class _Head:
    """How many rows there must be and the hash of the last one, if that can be believed."""

    count: int = 0
    digest: str = ""
    ours: bool = False
    foreign: bool = False


def record(
    db: Connection, *, now: datetime, actor: str, action: str, object: str, detail: Mapping[str, object] | None = None
) -> None:
    """Append one row, in the caller's transaction. `actor` and `object` are `kind:id`, never a name or NIP."""
    if db.dialect.name == "postgresql":
        # Two transactions must not chain to the same row; SQLite has one writer anyway.
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    number, previous, fits = _next(db)
    row = {
        "id": number,
        "at": now,
        "actor": actor,
        "action": action,
        "object": object,
        "detail": json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True),
        "previous": previous,
    }
    digest = _hash(row)
    db.execute(insert(audit).values(**row, hash=digest))
    if fits:
        _move_head(db, number, digest)


def _move_head(db: Connection, number: int, digest: str) -> None:
    db.execute(update(installation).where(installation.c.key == _HEAD).values(value=sealed(number, digest, _key(db))))


def _next(db: Connection) -> tuple[int, str, bool]:
    """Return the next row's number, the hash it chains to, and whether the head may move on to it.

    A head that was removed, changed or set back stays as it is: work goes on, and `verify` keeps saying what happened.
    """
    end = db.execute(_end).one()
    head = _opened(end.head, _key(db))
    if head.ours and head.count >= (end.id or 0):
        return head.count + 1, head.digest, True
    return (end.id or 0) + 1, end.hash or _FIRST, False


def _key(db: Connection) -> bytes:
    key: bytes = db.get_execution_options().get("audit_key", b"")
    return key


def sealed(count: int, digest: str, key: bytes) -> str:
    """Return a head as it is kept: who writes the database without the secret can make none.

    The third word names the secret: another secret is no intrusion, and must not look like one.
    """
    return f"{count} {digest} {_mac(key, 'key')[:12]} {_mac(key, f'{count} {digest}')}"


def _mac(key: bytes, said: str) -> str:
    return hmac.new(key, f"audit\n{said}".encode(), "sha256").hexdigest()


def _opened(value: object, key: bytes) -> _Head:
    parts = value.split(" ") if isinstance(value, str) else []
    if len(parts) != 4 or not (parts[0].isdecimal() and len(parts[0]) < 18):
        return _Head()
    count, digest = int(parts[0]), parts[1]
    ours = hmac.compare_digest(str(value).encode(), sealed(count, digest, key).encode())
    return _Head(count, digest, ours, foreign=parts[2] != _mac(key, "key")[:12])


def _hash(row: Mapping[str, object]) -> str:
    at = row["at"]
    stamp = at.isoformat(timespec="microseconds") if isinstance(at, datetime) else ""
    named = (row[name] for name in ("id", "actor", "action", "object", "detail", "previous"))
    # Bytes where text belongs get a hash too: another one.
    return sha256(json.dumps((stamp, *named), ensure_ascii=False, default=repr).encode()).hexdigest()


def head(db: Connection) -> tuple[int, str]:
    """Return how many rows the log has and the hash of its last one."""
    found = _opened(db.execute(_head).scalar(), _key(db))
    return found.count, found.digest


def verify(db: Connection, *, noted: str = "") -> Verdict:
    """Walk the chain to its head. `noted` is a head written down earlier: its row must still be there.

    Finds rows that were changed, removed (the last ones too), added or renumbered. Whoever knows the secret as
    well, or puts back an older head with its rows, is found by heads that were noted on another machine.
    """
    rows, digest, head, found = 0, _FIRST, None, not noted
    for row in _rows(db):
        if row is None:
            return Verdict(rows, digest, rows + 1, "unreadable")
        head = row["head"]
        if row["id"] is None:
            break
        if row["id"] != rows + 1:
            return Verdict(rows, digest, rows + 1, "missing or renumbered")
        if row["previous"] != digest or row["hash"] != _hash(row):
            return Verdict(rows, digest, rows + 1, "changed")
        rows, digest = rows + 1, row["hash"]
        found = found or digest == noted
    if not found:
        return Verdict(rows, digest, rows, "the noted head is not in the chain")
    return _at_the_end(rows, digest, head, _key(db))


def _rows(db: Connection) -> Iterator[Mapping[str, Any] | None]:
    """Give each row with the head; None for the first one that cannot even be read, and nothing after it."""
    last = 0
    try:
        for row in db.execute(_whole).mappings():
            yield dict(row)
            last = row["id"] or 0
        return
    except _UNREADABLE as error:
        _require_there(error)
    # The driver reads many at a time, and an error hides those before the one at fault.
    try:
        while row_ := db.execute(_after, {"last": last}).mappings().first():
            yield dict(row_)
            last = row_["id"]
    except _UNREADABLE as error:
        _require_there(error)
        yield None


def _require_there(error: Exception) -> None:
    # A database that went away is no edit.
    if kind_of(error):
        raise error


def _at_the_end(rows: int, digest: str, value: object, key: bytes) -> Verdict:
    head = _opened(value, key)
    if head.foreign:
        return Verdict(rows, digest, None, "the head was sealed with another secret", foreign=True)
    if not head.ours:
        what = "missing" if value is None else "changed"
        return Verdict(rows, digest, max(rows, 1), f"the head of the chain is {what}")
    if (head.count, head.digest) == (rows, digest):
        return Verdict(rows, digest, None)
    if head.count > rows:
        return Verdict(rows, digest, rows + 1, f"the last {head.count - rows} rows are missing")
    return Verdict(rows, digest, max(rows, 1), "the head of the chain was set back")


def seal(db: Connection, *, now: datetime, actor: str) -> Verdict:
    """Take the end of a log that another secret sealed for true, seal it with ours, and note it; else do nothing.

    Returns what `verify` said before.
    """
    found = verify(db)
    if found.foreign:
        _move_head(db, found.rows, found.head)
        record(db, now=now, actor=actor, action="audit.seal", object="installation:1", detail={"rows": found.rows})
    return found
