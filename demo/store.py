"""SQL of the example data."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, insert, select

from people.roles import Role
from storage.tables import installation, person, role_grant, unit

_MARK = "example_data"


def has_people(db: Connection) -> bool:
    """Tell whether anybody is stored beside the administrator whom the first start prepared."""
    return bool(db.execute(select(exists().where(person.c.unit_id.is_not(None)))).scalar()) or has_real_account(db)


def has_real_account(db: Connection) -> bool:
    """Tell whether a person who is no example can sign in."""
    real = person.c.is_example.is_(False), person.c.password_hash.is_not(None)
    return bool(db.execute(select(exists().where(*real))).scalar())


def has_real_people(db: Connection) -> bool:
    """Tell whether a unit holds a person who is no example."""
    real = person.c.is_example.is_(False), person.c.unit_id.is_not(None)
    return bool(db.execute(select(exists().where(*real))).scalar())


def mark(db: Connection) -> None:
    """Note that the installation holds example data."""
    db.execute(insert(installation).values(key=_MARK, value="1"))


def is_marked(db: Connection) -> bool:
    """Tell whether the installation holds example data."""
    return db.execute(select(installation.c.value).where(installation.c.key == _MARK)).scalar() is not None


def add_unit(db: Connection, name: str, parent_id: int | None, zone: str = "Asia/Jakarta") -> int:
    """Store a unit; return its id."""
    values = {"name": name, "parent_id": parent_id, "zone": zone}
    return int(db.execute(insert(unit).values(**values).returning(unit.c.id)).scalar_one())


def add_person(db: Connection, values: dict[str, Any], now: datetime) -> int:
    """Store an example person; return the id."""
    row = {"assurance": "code", "is_example": True, "created_at": now, "updated_at": now, **values}
    return int(db.execute(insert(person).values(**row).returning(person.c.id)).scalar_one())


def add_role(db: Connection, person_id: int, role: Role, unit_id: int | None, now: datetime) -> None:
    """Store a role of an example person."""
    db.execute(insert(role_grant).values(person_id=person_id, role=role, unit_id=unit_id, granted_at=now))


def person_by_key(db: Connection, identifier: str) -> int | None:
    """Return the id of an example person by NIP or employee id."""
    mine = (person.c.nip == identifier) | (person.c.employee_id == identifier)
    return db.execute(select(person.c.id).where(person.c.is_example, mine)).scalar()
