"""The second factor: enrolled once, then asked for at every sign-in; recovery codes stand in for a lost phone.

A one-factor session becomes a two-factor one under a new token. Tries are counted like those of a password.
"""

from dataclasses import dataclass
from datetime import datetime
from secrets import choice

from sqlalchemy import Connection

from people import account_store, roles, second_store, signin, sso_store, store, throttle, totp
from people.codes import ALPHABET, normalised
from people.roles import Actor
from people.signin import hashed
from storage import audit

RECOVERY_CODES = 10
_LETTERS = 16


class NotEnrolled(Exception):
    """This person has no second factor."""


@dataclass(frozen=True)
class Opened:
    """The token of the two-factor session; at enrolment also the recovery codes, which are shown this once."""

    token: str
    recovery_codes: tuple[str, ...] = ()


def is_enrolled(db: Connection, *, person_id: int) -> bool:
    """Tell whether a person has a second factor."""
    return second_store.key_of(db, person_id) is not None


def codes_left(db: Connection, *, actor: Actor) -> int | None:
    """Return how many of one's own recovery codes are unused; None without a second factor."""
    enrolled = is_enrolled(db, person_id=actor.person_id)
    return second_store.codes_left(db, actor.person_id) if enrolled else None


def complete(db: Connection, *, actor: Actor, token: str, typed: str, key: bytes, now: datetime) -> Opened | None:
    """Show the second factor after the password; who has none yet enrols the key that this login session offers.

    Returns None when the code is wrong. Raises Throttled.
    """
    if not is_enrolled(db, person_id=actor.person_id):
        return _enrol(db, actor, token, typed, key, now)
    if not proves(db, actor=actor, typed=typed, key=key, now=now):
        return None
    return Opened(_lifted(db, actor, token, now))


def _enrol(db: Connection, actor: Actor, token: str, typed: str, key: bytes, now: datetime) -> Opened | None:
    number = _reserve(db, actor.person_id, key, now)
    secret = totp.secret_of(token, key=key)
    step = totp.step_of(secret, typed, now=now)
    kept = totp.sealed(secret, person_id=actor.person_id, key=key)
    if step is None or not second_store.add_key(db, actor.person_id, kept, step, now):
        return None
    throttle.release(db, number=number)
    codes = _new_codes(db, actor.person_id, now)
    _note(db, actor.reference, "totp.enrol", actor.person_id, now)
    return Opened(_lifted(db, actor, token, now), codes)


def _new_codes(db: Connection, person_id: int, now: datetime) -> tuple[str, ...]:
    codes = ["".join(choice(ALPHABET) for _ in range(_LETTERS)) for _ in range(RECOVERY_CODES)]
    second_store.add_codes(db, person_id, [hashed(code) for code in codes], now)
    return tuple(_grouped(code) for code in codes)


def renew_codes(db: Connection, *, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Make one's own recovery codes anew and return them, shown this once; the old ones no longer work.

    Raises Refused while the second factor is owed, ProofNeeded, NotEnrolled.
    """
    if actor.owes_factor:
        raise roles.Refused("renew_codes")
    roles.require_proof(actor, now=now)
    # Of two at once the later one's codes work, and no others.
    account_store.lock_people(db, [actor.person_id])
    if not is_enrolled(db, person_id=actor.person_id):
        raise NotEnrolled
    second_store.remove_codes(db, actor.person_id)
    codes = _new_codes(db, actor.person_id, now)
    _note(db, actor.reference, "totp.codes", actor.person_id, now)
    return codes


def proves(db: Connection, *, actor: Actor, typed: str, key: bytes, now: datetime) -> bool:
    """Tell whether what was typed is a code of this person that was never used; then it is. Raises Throttled."""
    number = _reserve(db, actor.person_id, key, now)
    kept = second_store.key_of(db, actor.person_id)
    if kept is None:
        return False
    if not _code_of_now(db, kept, typed, key, now) and not _recovery_code(db, actor, typed, now):
        return False
    throttle.release(db, number=number)
    return True


def _code_of_now(db: Connection, kept: second_store.AnyRow, typed: str, key: bytes, now: datetime) -> bool:
    secret = totp.unsealed(kept.sealed, person_id=kept.person_id, key=key)
    step = totp.step_of(secret, typed, now=now) if secret else None
    return step is not None and second_store.use_step(db, kept.person_id, step)


def _recovery_code(db: Connection, actor: Actor, typed: str, now: datetime) -> bool:
    if not second_store.use_code(db, actor.person_id, hashed(normalised(typed[:60])), now):
        return False
    _note(db, actor.reference, "totp.recovery", actor.person_id, now)
    return True


def _reserve(db: Connection, person_id: int, key: bytes, now: datetime) -> int:
    # Never by device: whoever knows the password would get a new bucket with every new device cookie.
    name = throttle.bucket("second", f"person {person_id}", key=key)
    return throttle.reserve(db, bucket=name, known_device=False, now=now)


def _lifted(db: Connection, actor: Actor, token: str, now: datetime) -> str:
    signin.close_session(db, token=token, now=now)
    return signin.open_session(db, person_id=actor.person_id, assurance=actor.assurance, now=now, factors="totp")


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def reset(db: Connection, *, actor: Actor, person_id: int, now: datetime) -> None:
    """Take a lost second factor away, as an administrator; the person enrols at the next sign-in. Never one's own.

    The bond to an account at the agency's sign-in goes too: the next sign-in there makes it anew. A password that was
    set beside the second factor ends: it may be shorter than one that stands alone, so a new code is due.

    Raises Refused, ProofNeeded, NotEnrolled.
    """
    roles.reset_factor(actor, person_id=person_id)
    roles.require_proof(actor, now=now)
    person = account_store.person_with_unit(db, person_id)
    roles.require_own_world(actor, is_example=person is not None and person.is_example)
    _reset(db, actor.reference, person_id, now)


def reset_by_operator(db: Connection, *, identifier: str, now: datetime) -> None:
    """The same from the terminal, for the last administrator. Raises NotEnrolled."""
    person = store.person_by_identifier(db, identifier)
    if person is None:
        raise NotEnrolled
    _reset(db, "cli", person.id, now)


def _reset(db: Connection, by: str, person_id: int, now: datetime) -> None:
    removed = second_store.remove(db, person_id), sso_store.unlink(db, person_id)
    if not any(removed):
        raise NotEnrolled
    # A password that was let off with fewer characters must not stand alone.
    account_store.end_short_password(db, person_id, now)
    store.revoke_sessions_of(db, person_id, now, "totp")
    _note(db, by, "totp.reset", person_id, now)


def _note(db: Connection, by: str, action: str, person_id: int, now: datetime) -> None:
    audit.record(db, now=now, actor=by, action=action, object=f"person:{person_id}")
