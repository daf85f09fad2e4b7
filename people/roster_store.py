"""SQL of the roster: units, and people in bulk."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    cast,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from storage.lists import among
from storage.tables import UtcDateTime, activation_code, login_session, person, role_grant, unit

_LOCK_KEY = 736_846_003

NEW_PERSON = ("nip", "employee_id", "name", "kind", "position", "email", "phone", "unit_id", "assurance", "is_example")
PersonRow = Row[*tuple[Any, ...]]
_PERSON = select(
    person.c.id,
    person.c.nip,
    person.c.employee_id,
    person.c.name,
    person.c.kind,
    person.c.position,
    person.c.email,
    person.c.phone,
    person.c.unit_id,
    person.c.assurance,
    person.c.state,
)


def lock(db: Connection) -> None:
    """Let one import write at a time; SQLite has one writer anyway."""
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})


def units(db: Connection) -> Mapping[int, Any]:
    """Return all units by id."""
    return {row.id: row for row in db.execute(select(unit))}


def unit_count(db: Connection) -> int:
    """Return how many units there are."""
    return int(db.execute(select(func.count()).select_from(unit)).scalar_one())


def units_above(db: Connection, unit_id: int) -> Mapping[int, Any]:
    """Return a unit and everything above it, by id; nothing where there is no such unit."""
    tree = select(unit.c.id, unit.c.parent_id).where(unit.c.id == unit_id).cte("tree", recursive=True)
    tree = tree.union(select(unit.c.id, unit.c.parent_id).join(tree, unit.c.id == tree.c.parent_id))
    return {row.id: row for row in db.execute(select(unit).where(unit.c.id.in_(select(tree.c.id))))}


def add_unit(db: Connection, parent_id: int | None, name: str, zone: str) -> int:
    """Store a unit; return its id."""
    added = db.execute(insert(unit).returning(unit.c.id), {"parent_id": parent_id, "name": name, "zone": zone})
    return int(added.scalar_one())


def put_below(db: Connection, unit_id: int, parent_id: int | None) -> None:
    """Give a unit its place in the tree; its id, people and grants stay."""
    db.execute(update(unit).where(unit.c.id == unit_id).values(parent_id=parent_id))


def people_by_keys(db: Connection, nips: Collection[str], employee_ids: Collection[str]) -> dict[int, PersonRow]:
    """Return everyone with one of these NIP or employee ids, whatever their state."""
    known = or_(among(db, person.c.nip, nips), among(db, person.c.employee_id, employee_ids))
    return {row.id: row for row in db.execute(_PERSON.where(known))}


def people_with_made_ids(db: Connection) -> list[PersonRow]:
    """Return everyone whose employee id looks like one made at an import, whatever their state."""
    return list(db.execute(_PERSON.where(person.c.employee_id.like("NA-%")).order_by(person.c.id)))


def absent_from(db: Connection, unit_ids: Collection[int], keys: Collection[str]) -> list[PersonRow]:
    """Return the active people of these very units who have none of these NIP or employee ids, with `holds_role`.

    Without those who registered themselves: who never stood on the roster cannot be missing from it.
    """
    known = person.c.state == "active", person.c.assurance != "declared"
    holds_role = person.c.id.in_(select(role_grant.c.person_id)).label("holds_role")
    absent = (
        not_(among(db, func.coalesce(person.c.nip, ""), keys)),
        not_(among(db, func.coalesce(person.c.employee_id, ""), keys)),
    )
    query = _PERSON.add_columns(holds_role).where(among(db, person.c.unit_id, unit_ids), *known, *absent)
    return list(db.execute(query.order_by(person.c.id)))


def add_people(db: Connection, rows: list[list[Any]], now: datetime) -> None:
    """Store new people, each a list of `NEW_PERSON`. One statement for all: per row it costs a third of many."""
    if not rows:
        return
    places = range(len(NEW_PERSON))
    if db.dialect.name == "postgresql":
        each = func.jsonb_array_elements(literal(rows, JSONB)).table_valued("value").render_derived()
        cells: list[ColumnElement[Any]] = [each.c.value.op("->>")(place) for place in places]
    else:
        each = func.json_each(json.dumps(rows)).table_valued("value")
        cells = [func.json_extract(each.c.value, f"$[{place}]") for place in places]
    columns = [person.c[name] for name in NEW_PERSON]
    typed = [cast(cell, column.type) for cell, column in zip(cells, columns, strict=True)]
    query = select(*typed, literal(now, UtcDateTime()), literal(now, UtcDateTime())).select_from(each)
    db.execute(insert(person).from_select([*NEW_PERSON, "created_at", "updated_at"], query))


def change_people(db: Connection, rows: list[dict[str, Any]]) -> None:
    """Overwrite the named columns of people, known by `key_id`."""
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        alike[tuple(row)].append(row)
    for names, group in alike.items():
        columns: dict[str, Any] = {name: bindparam(name) for name in names if name != "key_id"}
        db.execute(update(person).where(person.c.id == bindparam("key_id")).values(columns), group)


def mark_gone(db: Connection, person_ids: Collection[int], now: datetime) -> None:
    """Mark people as gone, and end their sessions and codes."""
    if not person_ids:
        return
    db.execute(update(person).where(among(db, person.c.id, person_ids)).values(state="gone", updated_at=now))
    sessions = among(db, login_session.c.person_id, person_ids), login_session.c.revoked_at.is_(None)
    db.execute(update(login_session).where(*sessions).values(revoked_at=now, revoked_reason="roster"))
    unused = activation_code.c.used_at.is_(None), activation_code.c.revoked_at.is_(None)
    codes = among(db, activation_code.c.person_id, person_ids)
    db.execute(update(activation_code).where(codes, *unused).values(revoked_at=now))
