"""Showing again who one is, for changes of roles, revocations and exports: `begin`, check the password outside any
transaction, `finish`. It counts for ten minutes, by the clock of the database (`roles.require_proof`)."""

from datetime import datetime

from sqlalchemy import Connection

from people import directory, entry, second, store, throttle
from people.entry import NotMatching, Try
from people.roles import Actor


def begin(db: Connection, *, actor: Actor, device: str, key: bytes, now: datetime) -> Try:
    """Count a try of the actor's password. Raises Throttled; NotMatching where the agency proves it."""
    if actor.factors == "sso":
        raise NotMatching
    me = directory.myself(db, actor=actor)
    return entry.begin(db, identifier=me.identifier, device=device, key=key, now=now)


def finish(db: Connection, *, actor: Actor, attempt: Try, typed: str, key: bytes, now: datetime) -> bool:
    """Note the proof after the password matched; False when the code of the second factor is wrong.

    Raises Throttled, and NotMatching when the attempt was another person's.
    """
    if attempt.person_id != actor.person_id:
        raise NotMatching
    enrolled = second.is_enrolled(db, person_id=actor.person_id)
    if enrolled and not second.proves(db, actor=actor, typed=typed, key=key, now=now):
        return False
    throttle.release(db, number=attempt.number)
    store.note_proof(db, actor.login_id, now)
    return True
