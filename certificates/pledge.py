"""The pakta integritas: signed after the final quiz is passed, kept with the very text that was signed."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from certificates import store
from certificates.refusals import NotPassed
from modules.catalog import Pledge, Program
from people.roles import Actor
from storage import audit

ASSURANCES = ("declared", "roster", "code", "sso")


@dataclass(frozen=True)
class Signed:
    """A signed pledge: which text, when, and how sure we were of the person."""

    id: int
    attempt_id: int
    text_version: int
    text_hash: str
    assurance: str
    signed_at: datetime


def text_hash(pledge: Pledge) -> str:
    """Return the SHA-256 of the whole text, as UTF-8."""
    return sha256(pledge.text.encode()).hexdigest()


def weaker(one: str, other: str) -> str:
    """Return the lower of two assurances."""
    return min(one, other, key=ASSURANCES.index)


def final_quiz(program: Program) -> str:
    """Return the id of the quiz that decides. Raises NotPassed when the programme has none."""
    if program.final_quiz is None:
        raise NotPassed
    return program.final_quiz.ref


def signed(db: Connection, *, attempt_id: int, lock: bool = False) -> Signed | None:
    """Return the pledge signed for an attempt, if any."""
    row = store.pledge_of(db, attempt_id, lock=lock)
    if row is None:
        return None
    return Signed(row.id, row.attempt_id, row.text_version, row.text_hash, row.assurance, row.signed_at)


def sign(db: Connection, *, actor: Actor, program: Program, now: datetime) -> Signed:
    """Sign the pledge of the passed attempt; signing again changes nothing.

    Only where the person is now known more surely is the pledge signed anew; the audit log keeps both.
    Raises NotPassed.
    """
    passed = store.passed_attempt(db, actor.person_id, program.id, final_quiz(program))
    if passed is None:
        raise NotPassed
    text = {"text_version": program.head.pledge.version, "text_hash": text_hash(program.head.pledge)}
    signing = {**text, "assurance": actor.assurance, "signed_at": now}
    who = {"person_id": actor.person_id, "program_id": program.id, "attempt_id": passed.id}
    new = store.add_pledge(db, {**who, **signing})
    before = signed(db, attempt_id=passed.id, lock=True)
    assert before is not None  # noqa: S101 - it was stored above
    surer = weaker(before.assurance, actor.assurance) != actor.assurance
    if surer:
        store.renew_pledge(db, before.id, signing)
    if new or surer:
        detail = {**text, "program": program.id, "assurance": actor.assurance}
        audit.record(
            db, now=now, actor=actor.reference, action="pledge.sign", object=f"pledge:{before.id}", detail=detail
        )
    return signed(db, attempt_id=passed.id) or before
