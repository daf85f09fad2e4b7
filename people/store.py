"""SQL of the people room."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from people.roles import Role
from storage.tables import activation_code, login_session, person, role_grant, totp, unit

AnyRow = Row[*tuple[Any, ...]]
# These two run with every page: built once, they cost half.
_SESSION = (
    select(
        login_session.c.id.label("login_id"),
        login_session.c.assurance,
        login_session.c.factors,
        login_session.c.proved_at,
        login_session.c.created_at,
        login_session.c.seen_at,
        login_session.c.expires_at,
        login_session.c.revoked_at,
        person.c.id.label("person_id"),
        person.c.name,
        person.c.nip,
        person.c.unit_id,
        person.c.is_example,
        person.c.state,
        unit.c.zone,
        totp.c.person_id.is_not(None).label("has_totp"),
    )
    .join(person, person.c.id == login_session.c.person_id)
    .outerjoin(totp, totp.c.person_id == person.c.id)
    .outerjoin(unit, unit.c.id == person.c.unit_id)
    .where(login_session.c.token_hash == bindparam("token_hash"))
)
_GRANTS = select(role_grant.c.role, role_grant.c.unit_id).where(role_grant.c.person_id == bindparam("person_id"))


def session_by_token(db: Connection, token_hash: str) -> AnyRow | None:
    """Return a login session with its person, however it stands."""
    return db.execute(_SESSION, {"token_hash": token_hash}).one_or_none()


def add_session(db: Connection, values: dict[str, Any]) -> None:
    """Store a new login session."""
    db.execute(insert(login_session), values)


def touch_session(db: Connection, login_id: int, now: datetime) -> None:
    """Note that a session was used."""
    db.execute(update(login_session).where(login_session.c.id == login_id).values(seen_at=now))


def note_proof(db: Connection, login_id: int, now: datetime) -> None:
    """Note that whoever uses a session showed again who they are."""
    db.execute(update(login_session).where(login_session.c.id == login_id).values(proved_at=now))


def revoke_session(db: Connection, token_hash: str, now: datetime, reason: str) -> None:
    """End one session; it stays in the table."""
    live = login_session.c.token_hash == token_hash, login_session.c.revoked_at.is_(None)
    db.execute(update(login_session).where(*live).values(revoked_at=now, revoked_reason=reason))


def revoke_sessions_of(db: Connection, person_id: int, now: datetime, reason: str) -> int:
    """End all sessions of a person; return how many."""
    live = login_session.c.person_id == person_id, login_session.c.revoked_at.is_(None)
    return db.execute(update(login_session).where(*live).values(revoked_at=now, revoked_reason=reason)).rowcount


def grants_of(db: Connection, person_id: int) -> list[tuple[Role, int | None]]:
    """Return a person's (role, unit id) pairs."""
    return [(row.role, row.unit_id) for row in db.execute(_GRANTS, {"person_id": person_id})]


def units_below(db: Connection, unit_ids: list[int]) -> frozenset[int]:
    """Return the units and everything under them in the tree."""
    tree = select(unit.c.id).where(unit.c.id.in_(unit_ids)).cte("tree", recursive=True)
    tree = tree.union(select(unit.c.id).join(tree, unit.c.parent_id == tree.c.id))
    return frozenset(db.execute(select(tree.c.id)).scalars())


def person_by_identifier(db: Connection, identifier: str) -> AnyRow | None:
    """Return the active person with this NIP or employee id; capitals of an employee id do not matter.

    A number like a NIP is only ever sought among NIP, so that no employee id can stand for one.
    """
    spellings = {identifier, identifier.upper(), identifier.lower()}
    column = person.c.nip if identifier.isdecimal() and len(identifier) == 18 else person.c.employee_id
    found = db.execute(select(person).where(column.in_(spellings), person.c.state == "active")).all()
    exact = [row for row in found if identifier in (row.nip, row.employee_id)]
    return (exact or found)[0] if len(exact or found) == 1 else None


def has_active_admin(db: Connection, *, besides: int = 0) -> bool:
    """Tell whether any administrator, other than one, has set a password."""
    query = select(person.c.id).join(role_grant, role_grant.c.person_id == person.c.id)
    query = query.where(role_grant.c.role == "admin", person.c.password_hash.is_not(None), person.c.state == "active")
    return db.execute(query.where(person.c.id != besides).limit(1)).scalar() is not None


def add_first_admin(db: Connection, employee_id: str, now: datetime) -> int:
    """Store the first administrator without a password; return the person's id."""
    values = {"employee_id": employee_id, "name": "Administrator", "kind": "non_asn", "assurance": "code"}
    added = db.execute(insert(person).returning(person.c.id), {**values, "created_at": now, "updated_at": now})
    person_id = int(added.scalar_one())
    db.execute(insert(role_grant), {"person_id": person_id, "role": "admin", "granted_at": now})
    return person_id


def replace_codes(db: Connection, rows: list[dict[str, Any]], now: datetime) -> None:
    """Store new codes and end the unused ones of the same people."""
    if not rows:
        return
    unused = activation_code.c.used_at.is_(None), activation_code.c.revoked_at.is_(None)
    mine = activation_code.c.person_id == bindparam("key_id")
    db.execute(
        update(activation_code).where(mine, *unused).values(revoked_at=now),
        [{"key_id": row["person_id"]} for row in rows],
    )
    db.execute(insert(activation_code), rows)
