"""Revokes a certificate: an event is added, nothing is deleted, and the reason is shown to whoever checks it."""

from datetime import datetime

from sqlalchemy import Connection

from certificates import reading, store
from certificates.printable import forbidden, tidy
from certificates.records import Certificate
from people import roles
from people.roles import Actor
from storage import audit

REASON_LETTERS = 300


class ReasonMissing(Exception):
    """A revocation needs a reason of 5 to 300 printable letters."""


def readable(reason: str) -> str:
    """Return a reason as everybody will read it. Raises ReasonMissing."""
    reason = tidy(reason)
    if not 5 <= len(reason) <= REASON_LETTERS or forbidden(reason):
        raise ReasonMissing
    return reason


def revoke(db: Connection, *, actor: Actor, certificate_id: str, reason: str, now: datetime) -> Certificate:
    """Revoke a certificate; once revoked, the first reason stays.

    Raises UnknownCertificate, Refused (not HR of the holder's unit), ProofNeeded or ReasonMissing.
    """
    found = reading.by_id(db, certificate_id, now)
    roles.revoke_certificate(actor, owner_unit_id=found.unit_id)
    roles.require_proof(actor, now=now)
    return _revoke(db, found, reason, actor.person_id, actor.reference, now)


def revoke_by_operator(db: Connection, *, certificate_id: str, reason: str, now: datetime) -> Certificate:
    """Revoke from the terminal, by whoever runs the machine. Raises UnknownCertificate or ReasonMissing."""
    return _revoke(db, reading.by_id(db, certificate_id, now), reason, None, "cli", now)


def _revoke(
    db: Connection, found: Certificate, reason: str, actor_id: int | None, by: str, now: datetime
) -> Certificate:
    reason = readable(reason)
    if found.standing.state == "revoked":
        return found
    store.add_event(
        db, {"certificate_id": found.id, "state": "revoked", "reason": reason, "at": now, "actor_id": actor_id}
    )
    audit.record(db, now=now, actor=by, action="certificate.revoke", object=f"certificate:{found.id}")
    return reading.by_id(db, found.id, now)
