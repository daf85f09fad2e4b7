"""Renews a certificate: near its end or after it the final quiz is passed and the pledge signed once more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row

from certificates import pledge, reading, store
from certificates.records import Certificate
from modules import progress
from modules.catalog import Program
from people.roles import Actor, revoke_certificate
from quizzes import rounds
from storage import audit

_Newest = Row[*tuple[Any, ...]]


class NothingToRenew(Exception):
    """No certificate, one that lasts, or one that was revoked and not allowed again."""


@dataclass(frozen=True)
class Renewal:
    """How the renewal of a certificate stands: it opens `later`, is `open` to begin, or has `begun`."""

    state: Literal["later", "open", "begun"]
    certificate: Certificate
    opens_at: datetime | None


def renewal(db: Connection, *, actor: Actor, program: Program, now: datetime) -> Renewal | None:
    """Return how the renewal of the actor's newest certificate stands; None where there is nothing to renew."""
    row = store.newest_of(db, actor.person_id, program.id)
    if row is None:
        return None
    found = reading.certificate(db, row, now)
    opens_at = row.expires_at - timedelta(days=program.head.renewal_days) if row.expires_at else None
    if _begun(db, row, program):
        return Renewal("begun", found, opens_at)
    if opens_at is None or found.standing.state == "revoked" or _passed_another(db, row, program):
        return None
    return Renewal("open" if now >= opens_at else "later", found, opens_at)


def begin(db: Connection, *, actor: Actor, program: Program, now: datetime) -> Renewal:
    """Open the final quiz to the actor once more; beginning twice changes nothing. Raises NothingToRenew."""
    found = renewal(db, actor=actor, program=program, now=now)
    if found is None or found.state == "later":
        raise NothingToRenew
    if found.state == "open":
        _open(db, found.certificate, actor, program, "certificate.renew", now)
        # "Lanjutkan" leads there, on any device.
        if program.final_quiz is not None:
            step_id = program.final_quiz.id
            progress.note_place(db, person_id=actor.person_id, program=program, step_id=step_id, now=now)
    return Renewal("begun", found.certificate, found.opens_at)


def allow_again(db: Connection, *, actor: Actor, program: Program, certificate_id: str, now: datetime) -> None:
    """Let the holder of a revoked certificate earn a new one; allowing twice changes nothing.

    Raises UnknownCertificate, Refused (not HR of the holder's unit) or NothingToRenew (it is not revoked, or replaced).
    """
    found = reading.by_id(db, certificate_id, now)
    revoke_certificate(actor, owner_unit_id=found.unit_id)
    row = store.newest_of(db, found.person_id, program.id)
    if row is None or row.id != found.id or found.standing.state != "revoked":
        raise NothingToRenew
    if not _begun(db, row, program):
        _open(db, found, actor, program, "certificate.allow_again", now)


def barred(db: Connection, row: _Newest, program: Program) -> bool:
    """Tell whether this newest certificate was revoked, and HR has not allowed another one since."""
    return store.revoked_at(db, row.id) is not None and not _begun(db, row, program)


def _begun(db: Connection, row: _Newest, program: Program) -> bool:
    """Tell whether a round lies after the certificate, and after its revocation: who began before is not allowed."""
    quiz_id = pledge.final_quiz(program)
    opened = rounds.rounds(db, person_id=row.person_id, program_id=program.id).get(quiz_id)
    if opened is None or opened.opened_at is None:
        return False
    # Numbers of another quiz, which decided the programme before, say nothing here.
    own, revoked_at = row.attempt_number if row.quiz_id == quiz_id else 0, store.revoked_at(db, row.id)
    return opened.after >= own and (revoked_at is None or opened.opened_at > revoked_at)


def _passed_another(db: Connection, row: _Newest, program: Program) -> bool:
    # A programme that changed its final quiz is open to everybody: such a pass needs no round, which would undo it.
    quiz_id = pledge.final_quiz(program)
    return row.quiz_id != quiz_id and store.passed_attempt(db, row.person_id, program.id, quiz_id) is not None


def _open(db: Connection, found: Certificate, actor: Actor, program: Program, action: str, now: datetime) -> None:
    opened = rounds.begin(
        db,
        person_id=found.person_id,
        program_id=program.id,
        quiz_id=pledge.final_quiz(program),
        opened_by=actor.person_id,
        now=now,
        since=store.revoked_at(db, found.id),
    )
    if opened:
        audit.record(db, now=now, actor=actor.reference, action=action, object=f"certificate:{found.id}")
