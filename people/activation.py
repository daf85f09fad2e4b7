"""Activation by a personal code: sets the password, raises the assurance, ends old sessions. The same for a
forgotten password: a second factor stays what it was."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from people import account_store, codes, lifting, passwords, second, signin, store
from people.entry import canonical
from storage import audit


class CodeRefused(Exception):
    """The code is unknown, used, expired, or somebody else's: one answer for all."""


@dataclass(frozen=True)
class Candidate:
    """Who holds a valid code: known only to who shows it."""

    person_id: int
    name: str
    shortest: int
    """How many characters the new password has at least: fewer where a second factor stands beside it (T04)."""


def candidate(db: Connection, *, identifier: str, code: str, now: datetime) -> Candidate:
    """Return who may activate with this code, without using it. Raises CodeRefused."""
    person = store.person_by_identifier(db, canonical(identifier))
    code_hash = signin.hashed(codes.normalised(code))
    if person is None or not account_store.has_valid_code(db, person.id, code_hash, now):
        raise CodeRefused
    enrolled = person.assurance != "declared" and second.is_enrolled(db, person_id=person.id)
    return Candidate(person.id, person.name, passwords.SHORTEST_WITH_TOTP if enrolled else passwords.SHORTEST)


def activate(
    db: Connection, *, person_id: int, code: str, password_hash: str, old_token: str = "", now: datetime
) -> str:
    """Use the code and set the password in one transaction; return the token of a new session. Raises CodeRefused."""
    if not account_store.use_code(db, person_id, signin.hashed(codes.normalised(code)), now):
        raise CodeRefused
    if account_store.is_declared(db, person_id):
        lifting.begin_anew(db, person_ids=[person_id], now=now)
    # Whoever has a second factor may have been let off with fewer characters; only the password itself would tell.
    short = second.is_enrolled(db, person_id=person_id)
    account_store.set_password(db, person_id, password_hash, now, short=short)
    store.revoke_sessions_of(db, person_id, now, "aktivasi")
    if old_token:
        signin.close_session(db, token=old_token, now=now)
    audit.record(db, now=now, actor=f"person:{person_id}", action="account.activate", object=f"person:{person_id}")
    return signin.open_session(db, person_id=person_id, assurance="code", now=now)
