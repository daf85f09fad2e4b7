"""The role a person plays in a programme's scenarios: chosen once, changeable until the first decision."""

from datetime import datetime

from sqlalchemy import Connection

from modules.catalog import Program, Role, Step
from people.roles import Actor
from quizzes import role_store


class NoRole(Exception):
    """The scenario is told by role, and the person has not chosen one yet."""


class RoleFixed(Exception):
    """The person has decided in a role; it stays."""


def role_of(db: Connection, *, person_id: int, program: Program) -> Role | None:
    """Return the role that a person chose; None before the choice, or when the programme no longer has it."""
    chosen = role_store.role_of(db, person_id, program.id)
    return next((role for role in program.head.roles if role.id == chosen), None)


def is_fixed(db: Connection, *, person_id: int, program: Program, lock: bool = False) -> bool:
    """Tell whether the role can no longer be changed: a decision was made in it."""
    told = {name for step in program.head.steps if step.by_role for name in program.scenarios(step)}
    return role_store.decided(db, person_id, program.id, told, lock=lock)


def choose(db: Connection, *, actor: Actor, program: Program, role_id: str, now: datetime) -> None:
    """Keep the person's role. Raises KeyError for an unknown role, RoleFixed after the first decision in another."""
    if role_id not in {role.id for role in program.head.roles}:
        raise KeyError(role_id)
    who = actor.person_id
    # Held until the end: a decision that is on its way in another tab comes before or finds the new role.
    if is_fixed(db, person_id=who, program=program, lock=True) and role_store.role_of(db, who, program.id) != role_id:
        raise RoleFixed
    role_store.set_role(db, who, program.id, role_id, now)


def scenario_id(db: Connection, *, person_id: int, program: Program, step: Step) -> str:
    """Return the scenario that a step tells this person. Raises NoRole."""
    if not step.by_role:
        return step.ref
    role = role_of(db, person_id=person_id, program=program)
    if role is None:
        raise NoRole
    return step.variant(role.id)


def still_plays(db: Connection, *, person_id: int, program_id: str, role_id: str) -> bool:
    """Tell whether a scenario told for this role is still the person's; without a role it always is."""
    return not role_id or role_store.role_of(db, person_id, program_id) == role_id
