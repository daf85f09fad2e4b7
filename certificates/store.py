"""SQL of the certificates room."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, insert, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite

from people.roles import Scope
from storage.tables import (
    attempt,
    certificate,
    certificate_counter,
    certificate_event,
    person,
    pledge,
    quiz_round,
    section_progress,
    unit,
)

_CERTIFICATE = select(certificate, person.c.unit_id).join(person, person.c.id == certificate.c.person_id)

_HOLDER = (
    *(person.c.name, person.c.nip, person.c.employee_id, person.c.position, person.c.is_example),
    func.coalesce(unit.c.name, "").label("unit"),
)


def _upsert(db: Connection, table: Any) -> Any:
    return (postgresql if db.dialect.name == "postgresql" else sqlite).insert(table)


def passed_attempt(db: Connection, person_id: int, program_id: str, quiz_id: str) -> Row[*tuple[Any, ...]] | None:
    """Return (id, score, pass_mark, started_at, closed_at) of the round's first attempt that passed.

    One completion, one certificate; a round begins anew when a certificate is renewed.
    """
    columns = [getattr(attempt.c, name) for name in ("id", "score", "pass_mark", "started_at", "closed_at")]
    query = select(*columns).where(attempt.c.person_id == person_id, *_passed(program_id, quiz_id))
    return db.execute(query.order_by(attempt.c.number).limit(1)).one_or_none()


def _passed(program_id: str, quiz_id: str) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of every attempt that passed in its person's round."""
    same = [quiz_round.c[name] == attempt.c[name] for name in ("person_id", "program_id", "quiz_id")]
    after = select(func.coalesce(func.max(quiz_round.c.after_number), 0)).where(*same).correlate(attempt)
    of_quiz = attempt.c.program_id == program_id, attempt.c.quiz_id == quiz_id, attempt.c.kind == "quiz"
    done = attempt.c.state.in_(("submitted", "expired")), attempt.c.passed.is_(True)
    return *of_quiz, *done, attempt.c.number > after.scalar_subquery()


def passed_people(
    db: Connection, person_ids: Collection[int], program_id: str, quiz_id: str
) -> dict[int, Row[*tuple[Any, ...]]]:
    """Return what `holder` returns, assurance of the pledge or None, and renews (there is a certificate already), of
    whoever of these people has passed."""
    mine = certificate.c.person_id == attempt.c.person_id, certificate.c.program_id == program_id
    renews = exists().where(*mine).correlate(attempt).label("renews")
    query = select(attempt.c.person_id, *_HOLDER, pledge.c.assurance, renews)
    query = query.join(person, person.c.id == attempt.c.person_id).outerjoin(unit, unit.c.id == person.c.unit_id)
    query = query.outerjoin(pledge, pledge.c.attempt_id == attempt.c.id)
    query = query.where(attempt.c.person_id.in_(person_ids), *_passed(program_id, quiz_id))
    # The first attempt of a round counts, so it comes last.
    return {row.person_id: row for row in db.execute(query.order_by(attempt.c.number.desc()))}


def passed_at(db: Connection, person_ids: Collection[int], program_id: str) -> dict[int, dict[str, datetime]]:
    """Return person -> quiz id -> when they last passed it, or handed it in where it has no pass mark."""
    mine = attempt.c.person_id.in_(person_ids), attempt.c.program_id == program_id, attempt.c.kind == "quiz"
    done = attempt.c.state != "open", attempt.c.passed.is_not(False)
    of = attempt.c.person_id, attempt.c.quiz_id
    found: dict[int, dict[str, datetime]] = {}
    query = select(*of, func.max(attempt.c.closed_at).label("at")).where(*mine, *done).group_by(*of)
    for row in db.execute(query):
        found.setdefault(row.person_id, {})[row.quiz_id] = row.at
    return found


def holder(db: Connection, person_id: int) -> Row[*tuple[Any, ...]]:
    """Return (name, nip, employee_id, position, is_example, unit)."""
    query = select(*_HOLDER).select_from(person).outerjoin(unit, unit.c.id == person.c.unit_id)
    return db.execute(query.where(person.c.id == person_id)).one()


def started_at(db: Connection, person_id: int, program_id: str) -> datetime | None:
    """Return when a person first answered or read in a programme."""
    parts = [
        select(column.label("at")).where(table.c.person_id == person_id, table.c.program_id == program_id)
        for table, column in ((attempt, attempt.c.started_at), (section_progress, section_progress.c.opened_at))
    ]
    moments = union_all(*parts).subquery()
    return db.execute(select(func.min(moments.c.at))).scalar()


def pledge_of(db: Connection, attempt_id: int, *, lock: bool = False) -> Row[*tuple[Any, ...]] | None:
    """Return the pledge of an attempt; `lock` holds its row until the transaction ends."""
    query = select(pledge).where(pledge.c.attempt_id == attempt_id)
    return db.execute(query.with_for_update() if lock else query).one_or_none()


def add_pledge(db: Connection, values: dict[str, Any]) -> bool:
    """Store a pledge; tell whether it is new."""
    statement = _upsert(db, pledge).values(**values).on_conflict_do_nothing(index_elements=["attempt_id"])
    return db.execute(statement.returning(pledge.c.id)).scalar() is not None


def renew_pledge(db: Connection, pledge_id: int, values: dict[str, Any]) -> None:
    """Replace what a pledge says of its signing."""
    db.execute(update(pledge).where(pledge.c.id == pledge_id).values(**values))


def next_sequence(db: Connection, issuer_code: str, year: int) -> int:
    """Take the next number of a series; its row stays locked to the end, so that a rollback leaves no gap."""
    first = _upsert(db, certificate_counter).values(issuer_code=issuer_code, year=year, last=1)
    series = [certificate_counter.c.issuer_code, certificate_counter.c.year]
    counted = first.on_conflict_do_update(index_elements=series, set_={"last": certificate_counter.c.last + 1})
    return int(db.execute(counted.returning(certificate_counter.c.last)).scalar_one())


def add_certificate(db: Connection, values: dict[str, Any]) -> None:
    """Store an issued certificate."""
    db.execute(insert(certificate), values)


def by_id(db: Connection, certificate_id: str) -> Row[*tuple[Any, ...]] | None:
    """Return a certificate with its holder's unit_id."""
    return db.execute(_CERTIFICATE.where(certificate.c.id == certificate_id)).one_or_none()


def by_code(db: Connection, code: str) -> Row[*tuple[Any, ...]] | None:
    """Return the certificate with this public code."""
    return db.execute(_CERTIFICATE.where(certificate.c.code == code)).one_or_none()


def by_number(db: Connection, number: str) -> Row[*tuple[Any, ...]] | None:
    """Return the certificate with this printed number, whatever its capitals; None also where two have the same."""
    # As printed first: that has an index.
    for same in (certificate.c.number == number, func.upper(certificate.c.number) == number.upper()):
        rows = db.execute(_CERTIFICATE.where(same).limit(2)).all()
        if rows:
            return rows[0] if len(rows) == 1 else None
    return None


def by_attempt(db: Connection, attempt_id: int) -> Row[*tuple[Any, ...]] | None:
    """Return the certificate of an attempt."""
    return db.execute(_CERTIFICATE.where(certificate.c.attempt_id == attempt_id)).one_or_none()


def of_person(db: Connection, person_id: int) -> list[Row[*tuple[Any, ...]]]:
    """Return a person's certificates, newest first."""
    query = _CERTIFICATE.where(certificate.c.person_id == person_id).order_by(certificate.c.issued_at.desc())
    return list(db.execute(query))


def newest_of(db: Connection, person_id: int, program_id: str) -> Row[*tuple[Any, ...]] | None:
    """Return a person's certificate of a programme that none replaced, with quiz_id and attempt_number."""
    replaced = exists().where(
        certificate_event.c.certificate_id == certificate.c.id, certificate_event.c.state == "superseded"
    )
    query = _CERTIFICATE.add_columns(attempt.c.quiz_id, attempt.c.number.label("attempt_number"))
    query = query.join(attempt, attempt.c.id == certificate.c.attempt_id)
    query = query.where(certificate.c.person_id == person_id, certificate.c.program_id == program_id, ~replaced)
    return db.execute(
        query.order_by(certificate.c.issued_at.desc(), certificate.c.sequence.desc()).limit(1)
    ).one_or_none()


def supersede(db: Connection, *, person_id: int, program_id: str, by_id: str, number: str, at: datetime) -> list[str]:
    """Note at every other certificate of a person and programme which one replaced it; return their ids."""
    known = exists().where(
        certificate_event.c.certificate_id == certificate.c.id, certificate_event.c.state == "superseded"
    )
    others = certificate.c.person_id == person_id, certificate.c.program_id == program_id, certificate.c.id != by_id
    found = list(db.execute(select(certificate.c.id).where(*others, ~known)).scalars())
    for one in found:
        add_event(db, {"certificate_id": one, "state": "superseded", "reason": number, "at": at, "actor_id": person_id})
    return found


def events_of(db: Connection, certificate_id: str) -> list[tuple[str, str, datetime]]:
    """Return (state, reason, at) of what happened to a certificate, oldest first."""
    query = select(certificate_event.c.state, certificate_event.c.reason, certificate_event.c.at)
    query = query.where(certificate_event.c.certificate_id == certificate_id).order_by(certificate_event.c.id)
    return [(row.state, row.reason, row.at) for row in db.execute(query)]


def revoked_at(db: Connection, certificate_id: str) -> datetime | None:
    """Return when a certificate was revoked, if it was."""
    query = select(func.min(certificate_event.c.at)).where(certificate_event.c.certificate_id == certificate_id)
    return db.execute(query.where(certificate_event.c.state == "revoked")).scalar()


def add_event(db: Connection, values: dict[str, Any]) -> None:
    """Append what happened to a certificate."""
    db.execute(insert(certificate_event), values)


def issued(
    db: Connection,
    *,
    scope: Scope,
    program_id: str | None,
    units: frozenset[int] | None,
    start: datetime | None,
    end: datetime | None,
) -> Iterator[Row[*tuple[Any, ...]]]:
    """Yield the certificates in scope by number, a hundred in memory at a time; `end` is exclusive."""
    query: Select[*tuple[Any, ...]] = _CERTIFICATE
    if not scope.everyone:
        query = query.where(person.c.unit_id.in_(scope.units))
    if program_id is not None:
        query = query.where(certificate.c.program_id == program_id)
    if units is not None:
        query = query.where(person.c.unit_id.in_(units))
    if start is not None:
        query = query.where(certificate.c.issued_at >= start)
    if end is not None:
        query = query.where(certificate.c.issued_at < end)
    order = certificate.c.issuer_code, certificate.c.year, certificate.c.sequence
    yield from db.execute(query.order_by(*order), execution_options={"yield_per": 100})
