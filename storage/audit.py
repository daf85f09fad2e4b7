"""The audit log: appended only, each row chained to the one before, the head of the chain kept apart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, RowMapping, insert, literal, select, text, true, update

from storage.tables import audit, installation

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


@dataclass(frozen=True)
class Verdict:
    """What a walk over the whole chain found. `broken` is the id of the first row that is changed or missing."""

    rows: int
    head: str
    broken: int | None
    reason: str = ""


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
        value = f"{number} {digest}"
        first = insert(installation).values(key=_HEAD, value=value)
        db.execute(
            first if number == 1 else update(installation).where(installation.c.key == _HEAD).values(value=value)
        )


def _next(db: Connection) -> tuple[int, str, bool]:
    """Return the next row's number, the hash it chains to, and whether the head may move on to it.

    A head that was removed or set back stays as it is: work goes on, and `verify` keeps saying what happened.
    """
    end = db.execute(_end).one()
    if end.head is None and end.id is None:
        return 1, _FIRST, True
    count, digest = _parsed(end.head or "")
    if count >= (end.id or 0) and count:
        return count + 1, digest, True
    return (end.id or 0) + 1, end.hash or _FIRST, False


def _parsed(head: str) -> tuple[int, str]:
    number, _, digest = head.partition(" ")
    return (int(number) if number.isdecimal() else 0), digest


def _hash(row: Mapping[str, object] | RowMapping) -> str:
    at = row["at"]
    stamp = at.isoformat(timespec="microseconds") if isinstance(at, datetime) else ""
    named = (row[name] for name in ("id", "actor", "action", "object", "detail", "previous"))
    return sha256(json.dumps((stamp, *named), ensure_ascii=False).encode()).hexdigest()


def head(db: Connection) -> tuple[int, str]:
    """Return how many rows the log has and the hash of its last one."""
    return _parsed(db.execute(_head).scalar() or "")


def verify(db: Connection, *, noted: str = "") -> Verdict:
    """Walk the chain to its head. `noted` is a head written down earlier: its row must still be there.

    Finds rows that were changed, removed (the last ones too), added or renumbered. Whoever can write the
    database could compute a whole new chain: against that, heads are noted on another machine.
    """
    rows, digest, head, found = 0, _FIRST, "", not noted
    for row in db.execute(_whole).mappings():
        head = row["head"] or ""
        if row["id"] is None:
            break
        if row["id"] != rows + 1:
            return Verdict(rows, digest, rows + 1, "missing or renumbered")
        if row["previous"] != digest or row["hash"] != _hash(row):
            return Verdict(rows, digest, rows + 1, "changed")
        rows, digest = rows + 1, row["hash"]
        found = found or digest == noted
    if (head or rows) and _parsed(head) != (rows, digest):
        return Verdict(rows, digest, *_cut(rows, head))
    return Verdict(rows, digest, None if found else rows, "" if found else "the noted head is not in the chain")


def _cut(rows: int, head: str) -> tuple[int, str]:
    count, _ = _parsed(head)
    if count > rows:
        return rows + 1, f"the last {count - rows} rows are missing"
    return max(rows, 1), "the head of the chain was changed or removed"
