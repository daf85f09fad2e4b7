"""SQL of self-registration: the switch, and people who name themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select

from people import account_store
from storage.tables import installation, person

_OPEN = "registration_open"


def is_open(db: Connection) -> bool:
    """Tell whether the switch is on."""
    return db.execute(select(installation.c.value).where(installation.c.key == _OPEN)).scalar() is not None


def set_open(db: Connection, opened: bool) -> None:
    """Turn the switch; of two administrators at once, the later one's turn stays."""
    account_store.lock_bucket(db, _OPEN)
    db.execute(delete(installation).where(installation.c.key == _OPEN))
    if opened:
        db.execute(insert(installation).values(key=_OPEN, value="1"))


def is_known(db: Connection, identifier: str) -> bool:
    """Tell whether anybody has this NIP or employee id, in any state and whatever its capitals."""
    named = or_(person.c.nip == identifier, func.lower(person.c.employee_id) == identifier.lower())
    return db.execute(select(person.c.id).where(named).limit(1)).scalar() is not None


def add_person(db: Connection, values: dict[str, Any], now: datetime) -> int:
    """Store somebody who says who they are; return the id."""
    row = {**values, "assurance": "declared", "created_at": now, "updated_at": now}
    return int(db.execute(insert(person).returning(person.c.id), row).scalar_one())
