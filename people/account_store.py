"""SQL of accounts: failed tries, codes, passwords, roles, and finding people."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, exists, func, insert, or_, select, text, update

from people.roles import Role, Scope
from storage.tables import activation_code, login_failure, person, role_grant, sso_account, unit

AnyRow = Row[*tuple[Any, ...]]
_ROLES_LOCK = 736_846_004
# Old failures leave a few at a time, with each new one: none stay, and no try waits for a great clearing.
_FORGET_AT_ONCE = 20
_PERSON = select(person, unit.c.name.label("unit"), unit.c.zone).outerjoin(unit, unit.c.id == person.c.unit_id)

_ABOVE = unit.alias("above")
_PERSON_AND_ABOVE = _PERSON.outerjoin(_ABOVE, _ABOVE.c.id == unit.c.parent_id).add_columns(_ABOVE.c.name.label("above"))

_AT_AGENCY = exists().where(sso_account.c.person_id == person.c.id)


def _lock(db: Connection, key: int) -> None:
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def lock_bucket(db: Connection, bucket: str) -> None:
    """Let one try of a bucket be counted at a time; SQLite has one writer anyway."""
    _lock(db, int.from_bytes(sha256(bucket.encode()).digest()[:8], signed=True))


def lock_roles(db: Connection) -> None:
    """Let one role be taken at a time."""
    _lock(db, _ROLES_LOCK)


def failures_reach(db: Connection, number: int, *, since: datetime) -> bool:
    """Tell whether there were so many failures, over all buckets."""
    query = select(login_failure.c.at).order_by(login_failure.c.id.desc()).offset(number - 1).limit(1)
    oldest = db.execute(query).scalar()
    return oldest is not None and oldest > since


def latest_failures(db: Connection, bucket: str, *, since: datetime, most: int) -> list[datetime]:
    """Return when a bucket's failures were, newest first."""
    query = select(login_failure.c.at).where(login_failure.c.bucket == bucket, login_failure.c.at > since)
    return list(db.execute(query.order_by(login_failure.c.at.desc()).limit(most)).scalars())


def add_failure(db: Connection, bucket: str, now: datetime) -> int:
    """Store a failure; return its number."""
    added = db.execute(insert(login_failure).returning(login_failure.c.id), {"bucket": bucket, "at": now})
    return int(added.scalar_one())


def remove_failure(db: Connection, number: int) -> None:
    """Remove one failure."""
    db.execute(delete(login_failure).where(login_failure.c.id == number))


def forget_failures(db: Connection, *, before: datetime) -> None:
    """Remove the oldest failures that no longer count."""
    oldest = select(login_failure.c.id).order_by(login_failure.c.id).limit(_FORGET_AT_ONCE)
    # Two tries at once must not wait for each other's rows in a circle (PostgreSQL; SQLite has one writer).
    oldest = oldest.with_for_update(skip_locked=True)
    db.execute(delete(login_failure).where(login_failure.c.id.in_(oldest), login_failure.c.at <= before))


def _valid_code(person_id: int, code_hash: str, now: datetime) -> Any:
    return and_(
        activation_code.c.person_id == person_id,
        activation_code.c.code_hash == code_hash,
        activation_code.c.used_at.is_(None),
        activation_code.c.revoked_at.is_(None),
        activation_code.c.expires_at > now,
    )


def has_valid_code(db: Connection, person_id: int, code_hash: str, now: datetime) -> bool:
    """Tell whether a code could be used now."""
    return db.execute(select(activation_code.c.id).where(_valid_code(person_id, code_hash, now))).scalar() is not None


def use_code(db: Connection, person_id: int, code_hash: str, now: datetime) -> bool:
    """Mark a code as used; False when it is not, or no longer, valid. Of two at once, one gets True."""
    used = update(activation_code).where(_valid_code(person_id, code_hash, now)).values(used_at=now)
    return db.execute(used).rowcount == 1


def set_password(db: Connection, person_id: int, password_hash: str, now: datetime, *, short: bool) -> None:
    """Store a password; the person is then known by a personal code."""
    values = {"password_hash": password_hash, "password_short": short, "assurance": "code", "updated_at": now}
    db.execute(update(person).where(person.c.id == person_id).values(values))


def end_short_password(db: Connection, person_id: int, now: datetime) -> bool:
    """Remove a password that was accepted only beside a second factor; False when there was none."""
    short = person.c.id == person_id, person.c.password_short, person.c.password_hash.is_not(None)
    values = {"password_hash": None, "password_short": False, "updated_at": now}
    return db.execute(update(person).where(*short).values(values)).rowcount == 1


def is_declared(db: Connection, person_id: int) -> bool:
    """Tell whether nobody has confirmed who this is."""
    return db.execute(select(person.c.assurance).where(person.c.id == person_id)).scalar() == "declared"


def person_with_unit(db: Connection, person_id: int) -> AnyRow | None:
    """Return an active person with the name and zone of their unit, and the name of the one above it."""
    return db.execute(_PERSON_AND_ABOVE.where(person.c.id == person_id, person.c.state == "active")).one_or_none()


def people_waiting(db: Connection, unit_ids: Collection[int]) -> list[AnyRow]:
    """Return the active people of these units who can sign in neither by a password nor at the agency and hold no
    role, by unit and name."""
    waiting = person.c.password_hash.is_(None), person.c.state == "active", ~_AT_AGENCY
    learner = person.c.id.not_in(select(role_grant.c.person_id))
    query = _PERSON_AND_ABOVE.where(person.c.unit_id.in_(unit_ids), *waiting, learner)
    return list(db.execute(query.order_by(unit.c.name, person.c.name, person.c.id)))


def lock_people(db: Connection, person_ids: Collection[int]) -> None:
    """Hold people until the transaction ends, so that codes are made for them one after another."""
    ordered = select(person.c.id).where(person.c.id.in_(person_ids)).order_by(person.c.id)
    db.execute(ordered.with_for_update()).all()


def newest_code(db: Connection, person_ids: Collection[int]) -> AnyRow | None:
    """Return (id, created_at) of the code made last for any of these people."""
    query = select(activation_code.c.id, activation_code.c.created_at)
    query = query.where(activation_code.c.person_id.in_(person_ids)).order_by(activation_code.c.id.desc())
    return db.execute(query.limit(1)).one_or_none()


def find_people(db: Connection, *, scope: Scope, words: Sequence[str], number: str, limit: int) -> list[AnyRow]:
    """Return active people in scope whose name has all words, or whose NIP or employee id begins as typed."""
    named = and_(*(person.c.name.icontains(word, autoescape=True) for word in words))
    typed = " ".join(words)
    numbered = or_(person.c.nip.startswith(number or typed, autoescape=True), _employee_id(typed))
    query = _in_scope(_PERSON.where(person.c.state == "active", or_(named, numbered)), scope)
    return list(db.execute(query.order_by(func.lower(person.c.name), person.c.id).limit(limit)))


def unconfirmed(db: Connection, *, scope: Scope, limit: int) -> list[AnyRow]:
    """Return the active people in scope whom nobody has confirmed, newest first; each row has the `total` of all."""
    total = func.count().over().label("total")
    declared = person.c.state == "active", person.c.assurance == "declared"
    query = _in_scope(_PERSON.add_columns(total).where(*declared), scope)
    return list(db.execute(query.order_by(person.c.created_at.desc(), person.c.id.desc()).limit(limit)))


def _employee_id(typed: str) -> Any:
    return person.c.employee_id.istartswith(typed, autoescape=True)


def _in_scope(query: Select[Any], scope: Scope) -> Select[Any]:
    return query if scope.everyone else query.where(person.c.unit_id.in_(scope.units))


def grants_of_people(db: Connection, person_ids: Collection[int]) -> dict[int, list[tuple[Role, int | None]]]:
    """Return the (role, unit id) pairs of several people."""
    query = select(role_grant).where(role_grant.c.person_id.in_(person_ids)).order_by(role_grant.c.id)
    found: dict[int, list[tuple[Role, int | None]]] = {}
    for row in db.execute(query):
        found.setdefault(row.person_id, []).append((row.role, row.unit_id))
    return found


def all_grants(db: Connection) -> list[AnyRow]:
    """Return every role of an active person, by name."""
    columns = person.c.name, person.c.nip, person.c.employee_id, unit.c.name.label("unit")
    activated = person.c.password_hash.is_not(None).label("activated")
    query = select(role_grant, activated, *columns).join(person, person.c.id == role_grant.c.person_id)
    query = query.outerjoin(unit, unit.c.id == role_grant.c.unit_id).where(person.c.state == "active")
    return list(db.execute(query.order_by(func.lower(person.c.name), person.c.id, role_grant.c.id)))


def grant(db: Connection, grant_id: int) -> AnyRow | None:
    """Return one role grant."""
    return db.execute(select(role_grant).where(role_grant.c.id == grant_id)).one_or_none()


def has_agency_account(db: Connection, person_id: int) -> bool:
    """Tell whether a person has signed in at the agency."""
    return db.execute(select(person.c.id).where(person.c.id == person_id, _AT_AGENCY)).scalar() is not None


def add_grant(
    db: Connection, person_id: int, role: Role, unit_id: int | None, granted_by: int | None, now: datetime
) -> bool:
    """Store a role; False when the person has it already."""
    lock_roles(db)
    same = (
        role_grant.c.person_id == person_id,
        role_grant.c.role == role,
        role_grant.c.unit_id.is_not_distinct_from(unit_id),
    )
    if db.execute(select(role_grant.c.id).where(*same)).scalar() is not None:
        return False
    values = {"person_id": person_id, "role": role, "unit_id": unit_id, "granted_at": now, "granted_by": granted_by}
    db.execute(insert(role_grant), values)
    return True


def remove_grant(db: Connection, grant_id: int) -> None:
    """Remove a role."""
    db.execute(delete(role_grant).where(role_grant.c.id == grant_id))


def unit_exists(db: Connection, unit_id: int) -> bool:
    """Tell whether a unit has this id."""
    return db.execute(select(unit.c.id).where(unit.c.id == unit_id)).scalar() is not None
