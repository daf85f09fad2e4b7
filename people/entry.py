"""Signing in with a password: `begin` in one transaction, check the password outside any, `finish` in another.

Unknown people cost the same work and get the same reply as known ones (threats T01).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from people import devices, nip, signin, store, throttle

LONGEST = 60


class NotMatching(Exception):
    """NIP and password do not belong together, or the account changed meanwhile."""


@dataclass(frozen=True)
class Try:
    """A counted try: what `passwords.matches` needs, and what `finish` takes back when it succeeded."""

    number: int
    identifier: str
    person_id: int | None
    password_hash: str | None


def canonical(typed: str) -> str:
    """Return a NIP without separators, or an employee id as it was typed, short and printable."""
    typed = "".join(char for char in typed[:LONGEST] if char.isprintable())
    digits = nip.normalised(typed)
    return digits if digits.isdecimal() else " ".join(typed.split())


def begin(db: Connection, *, identifier: str, device: str, key: bytes, now: datetime) -> Try:
    """Count a try and fetch what to check it against. Raises Throttled."""
    identifier = canonical(identifier)
    nonce = devices.nonce_for(device, identifier=identifier, key=key)
    person = store.person_by_identifier(db, identifier)
    # One bucket however a person is named: NIP or employee id, in capitals or not.
    account = f"person {person.id}" if person else identifier.casefold()
    bucket = throttle.bucket("device", nonce, key=key) if nonce else throttle.bucket("account", account, key=key)
    number = throttle.reserve(db, bucket=bucket, known_device=nonce is not None, now=now)
    if person is None:
        return Try(number, identifier, None, None)
    return Try(number, identifier, person.id, person.password_hash)


def finish(db: Connection, *, attempt: Try, old_token: str, now: datetime) -> str:
    """Sign in after the password matched; return the new token. The session that came along ends (threats T08).

    Raises NotMatching when the account changed between the two transactions.
    """
    person = store.person_by_identifier(db, attempt.identifier)
    if person is None or person.password_hash is None or person.password_hash != attempt.password_hash:
        raise NotMatching
    throttle.release(db, number=attempt.number)
    if old_token:
        signin.close_session(db, token=old_token, now=now)
    return signin.open_session(db, person_id=person.id, assurance=person.assurance, now=now)
