"""Roles and permissions: one function per permission, called by page, route and command alike."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Role = Literal["trainer", "hr", "author", "admin"]
Factors = Literal["password", "totp", "sso"]
"""What opened a login session: a password alone, a password and a TOTP or recovery code, or the agency's sign-in."""
PROOF_VALID = timedelta(minutes=10)


class Refused(Exception):
    """The actor may not do this."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class ProofNeeded(Exception):
    """Whoever uses this login session must show again who they are."""


@dataclass(frozen=True)
class Actor:
    """Who acts: the signed-in person with what the database says of them at this moment.

    `roles` are those that count in this login session; `hr_units` holds every unit in scope, sub-units included;
    `login_id` is the login session's row; `owes_factor`: the second factor has not been shown yet.
    """

    person_id: int
    name: str
    login_id: int = 0
    nip: str | None = None
    unit_id: int | None = None
    zone: str = "Asia/Jakarta"
    assurance: str = "roster"
    roles: frozenset[Role] = frozenset()
    hr_units: frozenset[int] = frozenset()
    is_example: bool = False
    factors: Factors = "password"
    owes_factor: bool = False
    proved_at: datetime | None = None

    @property
    def reference(self) -> str:
        """The actor as the audit log names them."""
        return f"person:{self.person_id}"


@dataclass(frozen=True)
class Scope:
    """Which people a query may touch: all of them, or those of some units. There is no default."""

    everyone: bool
    units: frozenset[int] = field(default_factory=frozenset)

    def covers(self, unit_id: int | None) -> bool:
        """Tell whether a person of this unit is in scope."""
        return self.everyone or (unit_id is not None and unit_id in self.units)


EVERYONE = Scope(everyone=True)
"""For the terminal: whoever runs commands on the machine already holds the database."""


def granted(held: Iterable[Role], *, factors: Factors, is_example: bool) -> frozenset[Role]:
    """Return the roles that count in a login session: none where a password alone opened it (threats T05).

    People of the example data have no password at all; they exist where nobody real works.
    """
    return frozenset(held) if factors != "password" or is_example else frozenset()


def require_own_world(actor: Actor, *, is_example: bool) -> None:
    """Who signed in without a password, for the example data, opens nobody real's account. Raises Refused."""
    if actor.is_example and not is_example:
        raise Refused("own_world")


def require_proof(actor: Actor, *, now: datetime) -> None:
    """For changes of roles, revocations and bulk exports: who they are, shown within ten minutes. Raises ProofNeeded.

    Signing in shows it too: the TOTP code of that moment would not work a second time.
    """
    if not actor.is_example and (actor.proved_at is None or now - actor.proved_at >= PROOF_VALID):
        raise ProofNeeded


def _hr_or_admin(actor: Actor, permission: str) -> Scope:
    if "admin" in actor.roles:
        return EVERYONE
    if "hr" in actor.roles and actor.hr_units:
        return Scope(everyone=False, units=actor.hr_units)
    raise Refused(permission)


def see_completions(actor: Actor) -> Scope:
    """Who may see and export completion: HR for own units, administrators for all. Raises Refused."""
    return _hr_or_admin(actor, "see_completions")


def import_roster(actor: Actor) -> Scope:
    """Who may import the roster. Raises Refused."""
    return _hr_or_admin(actor, "import_roster")


def issue_codes(actor: Actor) -> Scope:
    """Who may make personal activation codes. Raises Refused."""
    return _hr_or_admin(actor, "issue_codes")


def replace_password(actor: Actor, *, unit_id: int | None, held: frozenset[Role], hr_units: frozenset[int]) -> None:
    """Who may make a code for this very person: nobody gains rights that they do not have. Raises Refused."""
    scope = _hr_or_admin(actor, "replace_password")
    within = held <= {"hr"} and hr_units <= actor.hr_units
    if not scope.everyone and not (scope.covers(unit_id) and within):
        raise Refused("replace_password")


def find_people(actor: Actor) -> Scope:
    """Who may look people up. Raises Refused."""
    return _hr_or_admin(actor, "find_people")


def give_allowance(actor: Actor) -> Scope:
    """Who may give a person more time or another try: trainers for all, HR for own units. Raises Refused."""
    if "trainer" in actor.roles:
        return EVERYONE
    return _hr_or_admin(actor, "give_allowance")


def see_certificate(actor: Actor, *, owner_id: int, owner_unit_id: int | None) -> None:
    """The owner, and HR of the owner's unit. Raises Refused."""
    if actor.person_id != owner_id and not _hr_or_admin(actor, "see_certificate").covers(owner_unit_id):
        raise Refused("see_certificate")


def revoke_certificate(actor: Actor, *, owner_unit_id: int | None) -> None:
    """HR of the owner's unit, and administrators. Raises Refused."""
    if not _hr_or_admin(actor, "revoke_certificate").covers(owner_unit_id):
        raise Refused("revoke_certificate")


def check_content(actor: Actor) -> None:
    """Authors and administrators. Raises Refused."""
    if not actor.roles & {"author", "admin"}:
        raise Refused("check_content")


def manage_roles(actor: Actor) -> None:
    """Administrators only. Raises Refused."""
    if "admin" not in actor.roles:
        raise Refused("manage_roles")


def reset_factor(actor: Actor, *, person_id: int) -> None:
    """Administrators, for somebody else: one's own second factor is not shaken off. Raises Refused."""
    manage_roles(actor)
    if actor.person_id == person_id:
        raise Refused("reset_factor")


def end_sessions(actor: Actor, *, person_id: int) -> None:
    """One's own sessions, and administrators anybody's. Raises Refused."""
    if actor.person_id != person_id:
        manage_roles(actor)
