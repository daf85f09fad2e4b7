"""The audit log: appended only, each row chained to the one before by its hash."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, insert, select, text

from storage.tables import audit

_FIRST = "0" * 64
_LOCK_KEY = 736_846_002


def record(
    db: Connection, *, now: datetime, actor: str, action: str, object: str, detail: Mapping[str, object] | None = None
) -> None:
    """Append one row, in the caller's transaction. `actor` and `object` are `kind:id`, never a name or NIP."""
    if db.dialect.name == "postgresql":
        # Two transactions must not chain to the same row; SQLite has one writer anyway.
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    previous = db.execute(select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)).scalar() or _FIRST
    row = {
        "at": now,
        "actor": actor,
        "action": action,
        "object": object,
        "detail": json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True),
        "previous": previous,
    }
    db.execute(insert(audit).values(**row, hash=_hash(now, actor, action, object, str(row["detail"]), previous)))


def _hash(at: datetime, *parts: str) -> str:
    stamped = (at.isoformat(timespec="microseconds"), *parts)
    return sha256(json.dumps(stamped, ensure_ascii=False).encode()).hexdigest()


def first_broken(db: Connection) -> int | None:
    """Walk the chain; return the id of the first row that does not fit, or None when all fit."""
    previous = _FIRST
    for row in db.execute(select(audit).order_by(audit.c.id)):
        expected = _hash(row.at, row.actor, row.action, row.object, row.detail, previous)
        if row.previous != previous or row.hash != expected:
            return int(row.id)
        previous = row.hash
    return None
