"""Signing in at the agency: which of its accounts is whose. `web/oidc.py` has checked what the provider says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from people import nip, signin, sso_store, store
from people.roles import Actor
from people.signin import hashed
from storage import audit

FLOW_VALID = timedelta(minutes=10)
_NIP_DIGITS = 18


class NotAccepted(Exception):
    """This account opens nothing here; `reason` is for the log, not for the screen."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Identity:
    """Who the provider says has signed in: its issuer, its own immovable id for the account, and the claimed NIP."""

    issuer: str
    subject: str
    nip: str


def enter(db: Connection, *, identity: Identity, state: str, old_token: str, now: datetime) -> str:
    """Open a login session for whoever this account belongs to; the first time binds it. Raises NotAccepted."""
    _use(db, state, now)
    person_id = _person(db, identity, now)
    if old_token:
        signin.close_session(db, token=old_token, now=now)
    return signin.open_session(db, person_id=person_id, assurance="sso", now=now, factors="sso")


def prove(db: Connection, *, actor: Actor, identity: Identity, state: str, now: datetime) -> None:
    """Note that the same person has signed in there again. Raises NotAccepted."""
    _use(db, state, now)
    if _person(db, identity, now) != actor.person_id:
        raise NotAccepted("another person's account")
    store.note_proof(db, actor.login_id, now)


def _use(db: Connection, state: str, now: datetime) -> None:
    if not sso_store.use_state(db, hashed(state), now, forget_before=now - 2 * FLOW_VALID):
        raise NotAccepted("callback used before")


def _person(db: Connection, identity: Identity, now: datetime) -> int:
    """Return the active person of the roster whom issuer, subject and NIP name together."""
    number = nip.normalised(identity.nip)
    if not number.isascii() or not number.isdecimal() or len(number) != _NIP_DIGITS:
        raise NotAccepted("no NIP in the claim")
    person = store.person_by_identifier(db, number)
    if person is None or person.assurance == "declared" or person.is_example:
        raise NotAccepted("NIP not on the roster")
    person_id = int(person.id)
    known = sso_store.person_of(db, identity.issuer, identity.subject)
    if known is None:
        # One account may come twice at once: whoever waited finds the bond.
        sso_store.lock_links(db)
        known = sso_store.person_of(db, identity.issuer, identity.subject)
    if known is None and sso_store.is_linked(db, identity.issuer, person_id):
        raise NotAccepted("NIP belongs to another account there")
    if known is not None and known != person_id:
        raise NotAccepted("account belongs to another NIP here")
    if known is None:
        sso_store.link(db, identity.issuer, identity.subject, person_id, now)
        audit.record(db, now=now, actor=f"person:{person_id}", action="sso.link", object=f"person:{person_id}")
    return person_id
