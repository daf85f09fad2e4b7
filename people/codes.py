"""Personal one-time codes: for activation and for a forgotten password alike."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import choice
from typing import Any

from sqlalchemy import Connection

from people import account_store, roles, second_store, store
from people.roles import Actor
from people.signin import hashed
from people.units import ABOVE
from storage import audit

# Crockford's letters: none that people mistake for another. 18 of them are 90 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 18
VALID = timedelta(hours=72)
MOST = 2_000


class UnknownPerson(Exception):
    """Nobody active has this id."""


class UnknownUnit(Exception):
    """No unit has this id."""


class TooMany(Exception):
    """More people than one sheet takes; a smaller unit must be chosen."""


class AlreadyMade(Exception):
    """The page that asks for codes is out of date: codes were made since, or somebody activated an account."""


@dataclass(frozen=True)
class Waiting:
    """Who still needs a code: how many people, the id of the code made last for any of them, and when that was."""

    people: int
    seen: int = 0
    made_at: datetime | None = None


@dataclass(frozen=True)
class Slip:
    """What is handed to one person. The code is shown once and kept nowhere."""

    name: str
    nip: str | None
    employee_id: str | None
    unit: str
    zone: str
    code: str
    expires_at: datetime


def issue(db: Connection, *, person_id: int, created_by: int | None, now: datetime) -> str:
    """Make a code and return it, grouped for reading; it is shown once, and earlier unused codes end."""
    return issue_many(db, person_ids=[person_id], created_by=created_by, now=now)[0]


def issue_many(db: Connection, *, person_ids: list[int], created_by: int | None, now: datetime) -> list[str]:
    """Make a code for each person, in their order."""
    made = ["".join(choice(ALPHABET) for _ in range(LENGTH)) for _ in person_ids]
    common = {"created_at": now, "created_by": created_by, "expires_at": now + VALID}
    rows = [
        {"person_id": person, "code_hash": hashed(code), **common}
        for person, code in zip(person_ids, made, strict=True)
    ]
    store.replace_codes(db, rows, now)
    return ["-".join(code[start : start + 6] for start in range(0, LENGTH, 6)) for code in made]


def normalised(typed: str) -> str:
    """Return a typed code as it was made: capitals, no separators, look-alikes mended."""
    letters = "".join(char for char in typed.upper() if char.isalnum())
    return letters.translate(str.maketrans("OIL", "011"))


def waiting(db: Connection, *, actor: Actor, unit_id: int) -> Waiting:
    """Return who of a unit and those below it has not activated yet. Raises Refused, UnknownUnit."""
    people = [row.id for row in _waiting(db, actor, unit_id)]
    return _newest(db, people) if len(people) <= MOST else Waiting(len(people))


def waiting_person(db: Connection, *, actor: Actor, person_id: int) -> Waiting:
    """Return the same of one person. Raises Refused."""
    roles.issue_codes(actor)
    return _newest(db, [person_id])


def _newest(db: Connection, people: list[int]) -> Waiting:
    row = account_store.newest_code(db, people)
    return Waiting(len(people), row.id, row.created_at) if row else Waiting(len(people))


def _require_unsent(db: Connection, people: list[int], seen: int | None) -> None:
    account_store.lock_people(db, people)
    if seen is not None and seen != _newest(db, people).seen:
        raise AlreadyMade


def _waiting(db: Connection, actor: Actor, unit_id: int) -> list[Any]:
    scope = roles.issue_codes(actor)
    if not scope.covers(unit_id):
        raise roles.Refused("issue_codes")
    if not account_store.unit_exists(db, unit_id):
        raise UnknownUnit
    # Whoever holds a role gets a code alone, where rights are compared.
    found = account_store.people_waiting(db, store.units_below(db, [unit_id]))
    return [row for row in found if row.is_example or not actor.is_example]


def issue_for_unit(db: Connection, *, actor: Actor, unit_id: int, now: datetime, seen: int | None = None) -> list[Slip]:
    """Make codes for everyone of a unit, and of those below it, who has not activated yet.

    `seen` is what `waiting` told the page that asks: sent twice, the page makes codes once. None where no page asks.
    Raises Refused, UnknownUnit, TooMany, AlreadyMade.
    """
    people = _waiting(db, actor, unit_id)
    if len(people) > MOST:
        raise TooMany
    _require_unsent(db, [row.id for row in people], seen)
    made = issue_many(db, person_ids=[row.id for row in people], created_by=actor.person_id, now=now)
    audit.record(
        db,
        now=now,
        actor=actor.reference,
        action="code.issue",
        object=f"unit:{unit_id}",
        detail={"codes": len(made)},
    )
    return [_slip(row, code, now) for row, code in zip(people, made, strict=True)]


def issue_for_person(db: Connection, *, actor: Actor, person_id: int, now: datetime, seen: int | None = None) -> Slip:
    """Make a code for one person, new or forgetful: never for someone with more rights than the actor has.

    `seen` as for a unit. Where the code would open more than a learner's account, the actor shows who they are: for
    staff, and for whoever has no password yet beside the agency's sign-in.
    Raises Refused, ProofNeeded, UnknownPerson, AlreadyMade.
    """
    roles.issue_codes(actor)
    row = account_store.person_with_unit(db, person_id)
    if row is None:
        raise UnknownPerson
    roles.require_own_world(actor, is_example=row.is_example)
    grants = store.grants_of(db, person_id)
    hr_units = store.units_below(db, [unit_id for role, unit_id in grants if role == "hr" and unit_id is not None])
    roles.replace_password(actor, unit_id=row.unit_id, held=frozenset(role for role, _ in grants), hr_units=hr_units)
    at_agency = account_store.has_agency_account(db, person_id) and second_store.key_of(db, person_id) is None
    if grants or at_agency:
        roles.require_proof(actor, now=now)
    _require_unsent(db, [person_id], seen)
    code = issue(db, person_id=person_id, created_by=actor.person_id, now=now)
    audit.record(db, now=now, actor=actor.reference, action="code.issue", object=f"person:{person_id}")
    return _slip(row, code, now)


def _slip(row: Any, code: str, now: datetime) -> Slip:
    zone = row.zone or "Asia/Jakarta"
    # Every office has a "Bidang Umum": the one above tells whose it is.
    place = ABOVE.join(name for name in (row.above, row.unit) if name)
    return Slip(row.name, row.nip, row.employee_id, place, zone, code, now + VALID)
