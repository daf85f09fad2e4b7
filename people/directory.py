"""Finding people by name, NIP or employee id, inside a scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from people import account_store, nip
from people.roles import EVERYONE, Actor, Refused, Role, Scope

SHORTEST = 3


@dataclass(frozen=True)
class Unconfirmed:
    """Somebody who registered themselves: name, number and unit are their own word."""

    name: str
    identifier: str
    """NIP, else employee id."""
    unit: str
    zone: str
    since: datetime


@dataclass(frozen=True)
class Found:
    """A person as HR and administrators see them in a list."""

    person_id: int
    name: str
    nip: str | None
    employee_id: str | None
    unit: str
    active: bool
    """True once the person has set a password."""
    roles: tuple[tuple[Role, int | None], ...] = ()
    declared: bool = False
    """True while nobody has confirmed who they are."""

    @property
    def identifier(self) -> str:
        """NIP, else employee id."""
        return self.nip or self.employee_id or ""


def find(db: Connection, *, scope: Scope, text: str, limit: int = 20) -> list[Found]:
    """Return active people whose name, NIP or employee id contains the text, by name; nobody for under 3 letters."""
    words = text.split()
    digits = nip.normalised(text)
    if len("".join(words)) < SHORTEST:
        return []
    number = digits if digits.isdecimal() else ""
    rows = account_store.find_people(db, scope=scope, words=words, number=number, limit=limit)
    grants = account_store.grants_of_people(db, [row.id for row in rows])
    return [_found(row, grants) for row in rows]


def person(db: Connection, *, scope: Scope, person_id: int) -> Found | None:
    """Return one active person in scope, or None: out of scope is as unknown."""
    row = account_store.person_with_unit(db, person_id)
    if row is None or not scope.covers(row.unit_id):
        return None
    return _found(row, account_store.grants_of_people(db, [row.id]))


def myself(db: Connection, *, actor: Actor) -> Found:
    """Return the actor as the database has them."""
    found = person(db, scope=EVERYONE, person_id=actor.person_id)
    if found is None:
        raise Refused("myself")
    return found


def unconfirmed(db: Connection, *, scope: Scope, limit: int = 50) -> tuple[list[Unconfirmed], int]:
    """Return the newest people in scope who registered themselves and were never confirmed, and how many there are."""
    rows = account_store.unconfirmed(db, scope=scope, limit=limit)
    people = [
        Unconfirmed(
            name=row.name,
            identifier=row.nip or row.employee_id,
            unit=row.unit or "",
            zone=row.zone or "Asia/Jakarta",
            since=row.created_at,
        )
        for row in rows
    ]
    return people, rows[0].total if rows else 0


def _found(row: account_store.AnyRow, grants: Mapping[int, Sequence[tuple[Role, int | None]]]) -> Found:
    return Found(
        person_id=row.id,
        name=row.name,
        nip=row.nip,
        employee_id=row.employee_id,
        unit=row.unit or "",
        active=row.password_hash is not None,
        roles=tuple(grants.get(row.id, ())),
        declared=row.assurance == "declared",
    )
