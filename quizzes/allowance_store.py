"""SQL of allowances."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select

from storage.tables import allowance, person, unit

Rows = list[Row[*tuple[Any, ...]]]

_ALLOWANCES = select(allowance.c.kind, allowance.c.amount, allowance.c.granted_at).where(
    allowance.c.person_id == bindparam("person_id"),
    allowance.c.program_id == bindparam("program_id"),
    allowance.c.quiz_id == bindparam("quiz_id"),
)
_who = select(person.c.id, person.c.name, person.c.nip, person.c.unit_id, unit.c.name.label("unit_name")).outerjoin(
    unit, unit.c.id == person.c.unit_id
)
FOUND_AT_MOST = 20


def allowances_of(db: Connection, person_id: int, program_id: str, quiz_id: str) -> Rows:
    """Return what a person was allowed at a quiz."""
    return list(db.execute(_ALLOWANCES, {"person_id": person_id, "program_id": program_id, "quiz_id": quiz_id}))


def add_allowance(db: Connection, values: dict[str, Any]) -> int:
    """Store an allowance and return its id."""
    return int(db.execute(allowance.insert().returning(allowance.c.id), values).scalar_one())


def same_allowance(db: Connection, values: dict[str, Any], since: datetime) -> int | None:
    """Return the id of an equal allowance given after a time."""
    query = select(allowance.c.id).filter_by(**values).where(allowance.c.granted_at > since)
    return db.execute(query.limit(1)).scalar()


def lock_person(db: Connection, person_id: int) -> Row[*tuple[Any, ...]] | None:
    """Return an active person's id and unit_id, held until the transaction ends."""
    query = select(person.c.id, person.c.unit_id).where(person.c.id == person_id, person.c.state == "active")
    return db.execute(query.with_for_update()).one_or_none()


def find_people(db: Connection, words: str, units: frozenset[int] | None) -> Rows:
    """Return active people whose name or NIP holds the words; `units` None means all of them."""
    query = _who.where(
        person.c.state == "active",
        or_(person.c.name.icontains(words, autoescape=True), person.c.nip == words, person.c.employee_id == words),
    )
    if units is not None:
        query = query.where(person.c.unit_id.in_(units))
    return list(db.execute(query.order_by(person.c.name, person.c.id).limit(FOUND_AT_MOST)))


def given_allowances(db: Connection, units: frozenset[int] | None, limit: int) -> Rows:
    """Return the newest allowances with the names of who got and who gave them."""
    giver = person.alias("giver")
    query = (
        select(allowance, person.c.name, giver.c.name.label("giver_name"))
        .join(person, person.c.id == allowance.c.person_id)
        .join(giver, giver.c.id == allowance.c.granted_by)
    )
    if units is not None:
        query = query.where(person.c.unit_id.in_(units))
    return list(db.execute(query.order_by(allowance.c.id.desc()).limit(limit)))
