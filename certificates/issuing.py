"""Issues certificates: one per completion however often asked, numbered without gaps, never changed afterwards."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Literal
from uuid import uuid4

from sqlalchemy import Connection, RowMapping

from certificates import codes, composing, pdf, pledge, reading, renewing, store, wording
from certificates.composing import Completion, Grounds, Holder, Slot
from certificates.pledge import Signed
from certificates.records import Certificate, Record
from certificates.refusals import (
    AssuranceTooLow,
    CannotIssue,
    IssuerNotSet,
    Lapsed,
    NotPassed,
    NotPledged,
    NotPrintable,
)
from modules.catalog import Program
from people.roles import Actor
from storage import audit


@dataclass(frozen=True)
class Status:
    """Where a person is between passing and certificate. `waiting` is pledged but refused: `refusal` says why."""

    state: Literal["not_passed", "passed_without_pledge", "waiting", "certified"]
    certificate: Certificate | None = None
    refusal: CannotIssue | None = None


def issue(
    db: Connection, *, actor: Actor, program: Program, as_of: date, now: datetime, public_url: str
) -> Certificate:
    """Issue the actor's certificate, or return the one issued before. Earlier ones of the programme are superseded.

    `as_of` is the date of the legal registry. Nothing is written when it is refused: raises NotPassed (also when the
    last one was revoked, and HR has not allowed another since), NotPledged, Lapsed, AssuranceTooLow,
    IssuerNotSet or NotPrintable, all CannotIssue.
    """
    completion = _completion(db, actor.person_id, program, now)
    # Held until the end: a second request waits here and then finds the certificate.
    signed = pledge.signed(db, attempt_id=completion.attempt_id, lock=True)
    if row := store.by_attempt(db, completion.attempt_id):
        return reading.certificate(db, row, now)
    if signed is None:
        raise NotPledged
    grounds = _grounds(db, actor, completion, signed)
    if refusal := _refused(program, grounds):
        raise refusal
    certificate_id = uuid4().hex
    # Before the counter: whoever needs both locks takes the audit chain first.
    _note(db, certificate_id, actor, program, completion, now)
    slot = _take_slot(db, program, grounds.holder, now)
    record = composing.record(program, grounds, slot, as_of=as_of, now=now, public_url=public_url)
    _store(db, certificate_id, actor, record, grounds, slot)
    store.supersede(
        db, person_id=actor.person_id, program_id=program.id, by_id=certificate_id, number=record.number, at=now
    )
    return reading.by_id(db, certificate_id, now)


def status(db: Connection, *, actor: Actor, program: Program, now: datetime) -> Status:
    """Tell where the actor is between passing and certificate."""
    try:
        completion = _completion(db, actor.person_id, program, now)
    except NotPassed:
        last = store.newest_of(db, actor.person_id, program.id)
        # Whatever was passed since, a revoked certificate is what there is to say.
        if last and renewing.barred(db, last, program):
            return Status("certified", reading.certificate(db, last, now))
        return Status("not_passed")
    if row := store.by_attempt(db, completion.attempt_id):
        return Status("certified", reading.certificate(db, row, now))
    signed = pledge.signed(db, attempt_id=completion.attempt_id)
    if signed is None:
        return Status("passed_without_pledge")
    return Status("waiting", refusal=_refused(program, _grounds(db, actor, completion, signed)))


def held(
    db: Connection, *, person_ids: Collection[int], program: Program, now: datetime
) -> dict[int, CannotIssue | None]:
    """Tell HR why the certificates of these people are held back: by person, None where nothing is missing.

    Only who has passed is in it. Two queries, however many people. Assurance is that of the pledge: how surely the
    person will be known who asks next, nobody knows.
    """
    rows = store.passed_people(db, person_ids, program.id, pledge.final_quiz(program))
    passed = store.passed_at(db, [person_id for person_id, row in rows.items() if row.renews], program.id)
    lapsed = {who: _lapsed(passed.get(who, {}), program, now) for who, row in rows.items() if row.renews}
    return {who: _held(program, row._mapping, lapsed.get(who, ())) for who, row in rows.items()}


def _held(program: Program, row: RowMapping, lapsed: tuple[str, ...]) -> CannotIssue | None:
    if row["assurance"] is None:
        return NotPledged()
    holder = Holder(**{field.name: row[field.name] for field in fields(Holder)})
    return _refusal(program, holder, row["assurance"], lapsed)


def _completion(db: Connection, person_id: int, program: Program, now: datetime) -> Completion:
    passed = store.passed_attempt(db, person_id, program.id, pledge.final_quiz(program))
    last = store.newest_of(db, person_id, program.id)
    if passed is None or (last and renewing.barred(db, last, program)):
        raise NotPassed
    started_at = passed.started_at if last else store.started_at(db, person_id, program.id) or passed.closed_at
    others = store.passed_at(db, [person_id], program.id).get(person_id, {}) if last else {}
    renews, lapsed = (last.id, _lapsed(others, program, now)) if last else (None, ())
    return Completion(passed.id, started_at, passed.closed_at, passed.score, passed.pass_mark, renews, lapsed)


def _lapsed(passed: Mapping[str, datetime], program: Program, now: datetime) -> tuple[str, ...]:
    """Return the titles of the quizzes beside the final one whose pass no longer counts."""
    timed = [(step, timedelta(days=step.valid_days)) for step in program.head.steps if step.valid_days]
    others = [(step, days) for step, days in timed if step != program.final_quiz]
    return tuple(step.title for step, days in others if step.ref not in passed or passed[step.ref] + days <= now)


def _grounds(db: Connection, actor: Actor, completion: Completion, signed: Signed) -> Grounds:
    holder = Holder(**store.holder(db, actor.person_id)._mapping)
    return Grounds(holder, completion, signed, pledge.weaker(signed.assurance, actor.assurance))


def _refused(program: Program, grounds: Grounds) -> CannotIssue | None:
    return _refusal(program, grounds.holder, grounds.assurance, grounds.completion.lapsed)


def _refusal(program: Program, holder: Holder, assurance: str, lapsed: tuple[str, ...]) -> CannotIssue | None:
    if lapsed:
        return Lapsed(lapsed)
    need = program.head.min_assurance
    if pledge.weaker(assurance, need) != need:
        return AssuranceTooLow(assurance, need)
    if program.placeholder and not holder.is_example:
        heads = ("issuer", program.head.issuer.placeholder), ("signatory", program.head.signatory.placeholder)
        return IssuerNotSet(program.id, tuple(name for name, placeholder in heads if placeholder))
    for field, text in composing.printed_texts(program, holder).items():
        if letters := pdf.unprintable(text):
            return NotPrintable(field, letters)
    return None


def _note(
    db: Connection, certificate_id: str, actor: Actor, program: Program, completion: Completion, now: datetime
) -> None:
    detail = {"program": program.id, "attempt": completion.attempt_id}
    if completion.renews:
        detail |= {"renews": completion.renews}
    subject = f"certificate:{certificate_id}"
    audit.record(db, now=now, actor=actor.reference, action="certificate.issue", object=subject, detail=detail)


def _take_slot(db: Connection, program: Program, holder: Holder, now: datetime) -> Slot:
    series = composing.series(program, is_example=holder.is_example)
    year = wording.local_day(now, program.head.issuer.zone).year
    return Slot(series, year, store.next_sequence(db, series, year), codes.new_code())


def _store(db: Connection, certificate_id: str, actor: Actor, record: Record, grounds: Grounds, slot: Slot) -> None:
    values = {
        "id": certificate_id,
        "code": slot.code,
        "issuer_code": slot.series,
        "year": slot.year,
        "sequence": slot.sequence,
        "number": record.number,
        "person_id": actor.person_id,
        "program_id": record.program_id,
        "attempt_id": grounds.completion.attempt_id,
        "pledge_id": grounds.pledge.id,
        "record": record.model_dump_json(),
        "pdf_sha256": sha256(pdf.render(record)).hexdigest(),
        "issued_at": record.issued_at,
        "expires_at": composing.expires_at(record.valid_until, record.zone),
        "is_example": record.is_example,
    }
    store.add_certificate(db, values)
