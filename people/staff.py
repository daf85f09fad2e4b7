"""Staff: who grants and takes roles, and who ends a person's login sessions. Every change is audited."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import Connection

from people import account_store, roles, store
from people.administrators import FIRST_ID
from people.roles import Actor, Role
from storage import audit

ROLES: tuple[Role, ...] = get_args(Role)


class LastAdministrator(Exception):
    """The only administrator who can sign in would be gone."""


class UnitMissing(Exception):
    """The hr role needs the unit it is for; other roles have none."""


class UnknownPerson(Exception):
    """Nobody active has this id."""


class NotConfirmed(Exception):
    """This person has opened the account neither with a personal code nor at the agency."""


@dataclass(frozen=True)
class Grant:
    """One role of one person; `unit` is empty but for hr."""

    grant_id: int
    person_id: int
    name: str
    identifier: str
    role: Role
    unit_id: int | None
    unit: str


def staff(db: Connection, *, actor: Actor) -> list[Grant]:
    """Return every role held, by name. Administrators only.

    The account that the first start prepared is left out until somebody has chosen its password.
    """
    roles.manage_roles(actor)
    return [
        Grant(row.id, row.person_id, row.name, row.nip or row.employee_id, row.role, row.unit_id, row.unit or "")
        for row in account_store.all_grants(db)
        if row.activated or row.employee_id != FIRST_ID
    ]


def grant_role(
    db: Connection, *, actor: Actor, person_id: int, role: Role, unit_id: int | None = None, now: datetime
) -> None:
    """Give a role, hr for one unit and all below it. Granting it again changes nothing.

    The person's sessions end, so that a new right never rides on an old token (threats T08).
    Raises Refused, UnitMissing, UnknownPerson, NotConfirmed, ProofNeeded.
    """
    roles.manage_roles(actor)
    roles.require_proof(actor, now=now)
    if (role == "hr") != (unit_id is not None) or (unit_id is not None and not account_store.unit_exists(db, unit_id)):
        raise UnitMissing
    person = account_store.person_with_unit(db, person_id)
    if person is None:
        raise UnknownPerson
    roles.require_own_world(actor, is_example=person.is_example)
    if person.assurance not in ("code", "sso") and not account_store.has_agency_account(db, person_id):
        raise NotConfirmed
    if account_store.add_grant(db, person_id, role, unit_id, actor.person_id, now):
        _changed(db, actor, person_id, "role.grant", {"role": role, "unit": unit_id}, now)


def revoke_role(db: Connection, *, actor: Actor, grant_id: int, now: datetime) -> None:
    """Take a role away; taking it again changes nothing. Raises LastAdministrator, ProofNeeded."""
    roles.manage_roles(actor)
    roles.require_proof(actor, now=now)
    # One at a time: two administrators who take each other's role would leave none.
    account_store.lock_roles(db)
    grant = account_store.grant(db, grant_id)
    if grant is None:
        return
    if grant.role == "admin" and not store.has_active_admin(db, besides=grant.person_id):
        raise LastAdministrator
    account_store.remove_grant(db, grant_id)
    _changed(db, actor, grant.person_id, "role.revoke", {"role": grant.role, "unit": grant.unit_id}, now)


def _changed(
    db: Connection, actor: Actor, person_id: int, action: str, detail: dict[str, object], now: datetime
) -> None:
    store.revoke_sessions_of(db, person_id, now, "peran")
    audit.record(db, now=now, actor=actor.reference, action=action, object=f"person:{person_id}", detail=detail)


def end_sessions(db: Connection, *, actor: Actor, person_id: int, now: datetime) -> int:
    """End all login sessions of a person; return how many. One's own, or as administrator anybody's."""
    roles.end_sessions(actor, person_id=person_id)
    ended = store.revoke_sessions_of(db, person_id, now, "semua")
    detail = {"sessions": ended}
    audit.record(
        db, now=now, actor=actor.reference, action="session.end_all", object=f"person:{person_id}", detail=detail
    )
    return ended
