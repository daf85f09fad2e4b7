"""Self-registration, where an administrator has opened it: a person says who they are, and nobody has confirmed it.

Whoever is known already, by the roster or not, is left exactly as they are, and the reply does not tell (threats T01,
T02). `begin` in one transaction, the hash outside any, `register` in another.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from people import account_store, registration_store, roles, roster_store, rows, throttle, units
from people.columns import Header
from people.nip import normalised
from people.roles import EVERYONE, Actor
from people.rows import RefusedRow
from people.sheets import Line
from people.units import UnitChoice
from storage import audit

# An office that registers together is many people at once; thousands are somebody who tries numbers.
MOST_AT_ONCE = 600
# A list of 5,000 units weighs more than 300 kB, ten times what a sign-in page may.
MOST_LISTED = 200
MOST_FOUND = 30
SHORTEST = 3
# One digit lost or doubled is a slip in a NIP; shorter numbers are those of offices.
_FEWEST_DIGITS_OF_A_NIP = 17
# A roster row would be told of another column; the form has one field.
_OWN_CODES = {"nip_nik": "claim_nik", "id_is_nik": "claim_nik", "nip_zeros": "claim_zeros"}


class Closed(Exception):
    """No administrator has opened it."""


class ClaimRefused(Exception):
    """What was typed names nobody; `field` is identifier, name or unit, `code` one of `people.words`."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field, self.code = field, code


@dataclass(frozen=True)
class Claim:
    """Who somebody says they are."""

    nip: str | None
    employee_id: str | None
    name: str
    kind: str
    unit_id: int

    @property
    def identifier(self) -> str:
        """NIP, else employee id."""
        return self.nip or self.employee_id or ""


def is_open(db: Connection) -> bool:
    """Tell whether people may register themselves."""
    return registration_store.is_open(db)


def set_open(db: Connection, *, actor: Actor, opened: bool, now: datetime) -> None:
    """Open or close self-registration; the same again changes nothing. Administrators only. Raises ProofNeeded."""
    roles.manage_roles(actor)
    roles.require_proof(actor, now=now)
    if registration_store.is_open(db) == opened:
        return
    registration_store.set_open(db, opened)
    action = "registration.open" if opened else "registration.close"
    audit.record(db, now=now, actor=actor.reference, action=action, object="installation:1")


def places(db: Connection) -> list[UnitChoice] | None:
    """Return the units to choose from; None where they are more than one list takes: `search` them. Raises Closed."""
    require_open(db)
    return units.choices(db, scope=EVERYONE) if units.count(db) <= MOST_LISTED else None


def place(db: Connection, unit_id: int) -> UnitChoice | None:
    """Return the unit that was chosen; None where there is no such unit. Raises Closed."""
    require_open(db)
    return units.choice(db, unit_id)


def is_short(text: str) -> bool:
    """Tell whether this is too little to search for."""
    return len("".join(text.split())) < SHORTEST


def search(db: Connection, *, text: str) -> tuple[list[UnitChoice], int]:
    """Return the units that fit best, and how many fit; none for too short a text. Raises Closed."""
    require_open(db)
    return ([], 0) if is_short(text) else units.matching(db, scope=EVERYONE, text=text, limit=MOST_FOUND)


def require_open(db: Connection) -> None:
    """Check that an administrator has opened it. Raises Closed."""
    if not registration_store.is_open(db):
        raise Closed


def read(*, identifier: str, name: str, unit_id: int, today: date) -> Claim:
    """Read what was typed by the rules of a roster row. Raises ClaimRefused."""
    digits = normalised(identifier)
    like_nip = digits.isdecimal() and len(digits) >= _FEWEST_DIGITS_OF_A_NIP
    fields = ("nip" if like_nip else "employee_id", "name", "unit")
    header = Header(0, {field: at for at, field in enumerate(fields)}, fields, ())
    row = rows.check(Line(1, (identifier, name, "-")), header, today=today)
    if isinstance(row, RefusedRow):
        raise ClaimRefused("name" if row.column == "Nama" else "identifier", _OWN_CODES.get(row.code, row.code))
    if row is None or not identifier.strip():
        raise ClaimRefused("identifier", "nip_empty")
    return Claim(row.nip, row.employee_id, row.name, row.kind, unit_id)


def begin(db: Connection, *, claim: Claim, key: bytes, now: datetime) -> None:
    """Count a registration: of this number, and of all. It stays counted. Raises Closed, ClaimRefused, Throttled."""
    require_open(db)
    if not account_store.unit_exists(db, claim.unit_id):
        raise ClaimRefused("unit", "unit_empty")
    for name, limit in ((claim.identifier.casefold(), throttle.LIMIT), ("", MOST_AT_ONCE)):
        bucket = throttle.bucket("register", name, key=key)
        throttle.reserve(db, bucket=bucket, known_device=True, now=now, limit=limit)


def register(db: Connection, *, claim: Claim, password_hash: str, now: datetime) -> None:
    """Store the person as declared, unless anybody has this number: then nothing happens, and nothing tells. Raises
    Closed."""
    require_open(db)
    # Two who claim one number, or an import of it, take turns.
    roster_store.lock(db)
    if registration_store.is_known(db, claim.identifier):
        return
    values = {"nip": claim.nip, "employee_id": claim.employee_id, "name": claim.name, "kind": claim.kind}
    account = {"unit_id": claim.unit_id, "password_hash": password_hash}
    person_id = registration_store.add_person(db, {**values, **account}, now)
    audit.record(db, now=now, actor=f"person:{person_id}", action="account.register", object=f"person:{person_id}")
