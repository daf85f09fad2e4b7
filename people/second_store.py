"""SQL of second factors: TOTP keys and recovery codes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from storage.tables import recovery_code, totp

AnyRow = Row[*tuple[Any, ...]]


def key_of(db: Connection, person_id: int) -> AnyRow | None:
    """Return a person's TOTP key as it is kept."""
    return db.execute(select(totp).where(totp.c.person_id == person_id)).one_or_none()


def add_key(db: Connection, person_id: int, sealed: str, step: int, now: datetime) -> bool:
    """Store a confirmed key; `step` is that of the code that confirmed it. False when there is one already."""
    if key_of(db, person_id) is not None:
        return False
    db.execute(insert(totp).values(person_id=person_id, sealed=sealed, confirmed_at=now, last_step=step))
    return True


def use_step(db: Connection, person_id: int, step: int) -> bool:
    """Note that the code of a time step was used; False when it, or a later one, was. Of two at once, one wins."""
    later = update(totp).where(totp.c.person_id == person_id, totp.c.last_step < step).values(last_step=step)
    return db.execute(later).rowcount == 1


def add_codes(db: Connection, person_id: int, hashes: list[str], now: datetime) -> None:
    """Store recovery codes."""
    rows = [{"person_id": person_id, "code_hash": each, "created_at": now} for each in hashes]
    db.execute(insert(recovery_code), rows)


def use_code(db: Connection, person_id: int, code_hash: str, now: datetime) -> bool:
    """Mark a recovery code as used; False when it is not, or no longer, valid."""
    mine = recovery_code.c.person_id == person_id, recovery_code.c.code_hash == code_hash
    used = update(recovery_code).where(*mine, recovery_code.c.used_at.is_(None)).values(used_at=now)
    return db.execute(used).rowcount == 1


def codes_left(db: Connection, person_id: int) -> int:
    """Return how many recovery codes are unused."""
    unused = recovery_code.c.person_id == person_id, recovery_code.c.used_at.is_(None)
    return int(db.execute(select(func.count()).select_from(recovery_code).where(*unused)).scalar_one())


def remove_codes(db: Connection, person_id: int) -> None:
    """Remove a person's recovery codes."""
    db.execute(delete(recovery_code).where(recovery_code.c.person_id == person_id))


def remove(db: Connection, person_id: int) -> bool:
    """Remove a person's key and recovery codes; False when there was no key."""
    remove_codes(db, person_id)
    return db.execute(delete(totp).where(totp.c.person_id == person_id)).rowcount == 1
