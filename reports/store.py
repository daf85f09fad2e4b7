"""SQL of the reports room: plain reading over the tables of all rooms below."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Exists,
    Label,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    or_,
    select,
)

from people.roles import Scope
from reports.rows import Filter, Status
from storage.tables import (
    attempt,
    certificate,
    certificate_event,
    export,
    person,
    pledge,
    quiz_round,
    section_progress,
    unit,
)

# Days of a filter are counted in western Indonesian time, whatever the unit's own zone.
_ZONE = ZoneInfo("Asia/Jakarta")


def _final(program_id: str, quiz_id: str) -> CTE:
    """Return what each person reached in the final quiz.

    `passed_at` of the completion, `signed` and `issued` for it: all within the round that a renewal opened.
    """
    of_quiz = quiz_round.c.program_id == program_id, quiz_round.c.quiz_id == quiz_id
    newest = select(quiz_round.c.person_id, func.max(quiz_round.c.after_number).label("after"))
    round_ = newest.where(*of_quiz).group_by(quiz_round.c.person_id).subquery()
    closed = attempt.c.program_id == program_id, attempt.c.quiz_id == quiz_id, attempt.c.state != "open"
    counts = attempt.c.passed & (attempt.c.number > func.coalesce(round_.c.after, 0))
    columns = (
        attempt.c.person_id,
        func.max(attempt.c.score).label("score"),
        func.min(case((counts, attempt.c.closed_at))).label("passed_at"),
        func.count(case((counts, pledge.c.id))).label("signed"),
        func.count(case((counts, certificate.c.id))).label("issued"),
    )
    query = select(*columns).outerjoin(round_, round_.c.person_id == attempt.c.person_id)
    query = query.outerjoin(certificate, certificate.c.attempt_id == attempt.c.id)
    query = query.outerjoin(pledge, pledge.c.attempt_id == attempt.c.id)
    return query.where(*closed).group_by(attempt.c.person_id).cte("final")


def _latest(program_id: str) -> CTE:
    """Return each person's certificate that none replaced, and whether it was revoked."""

    def happened(state: str) -> Exists:
        return exists().where(
            certificate_event.c.certificate_id == certificate.c.id, certificate_event.c.state == state
        )

    names = "person_id", "id", "number", "issued_at", "expires_at"
    columns = [certificate.c[name] for name in names]
    query = select(*columns, happened("revoked").label("revoked"))
    return query.where(certificate.c.program_id == program_id, ~happened("superseded")).cte("latest")


def _standing(scope: Scope, program_id: str, quiz_id: str, now: datetime) -> CTE:
    final, latest = _final(program_id, quiz_id), _latest(program_id)
    begun = or_(
        exists().where(section_progress.c.person_id == person.c.id, section_progress.c.program_id == program_id),
        exists().where(attempt.c.person_id == person.c.id, attempt.c.program_id == program_id),
    )
    lasting = or_(latest.c.expires_at.is_(None), latest.c.expires_at > now)
    holds = and_(latest.c.id.is_not(None), ~latest.c.revoked, lasting)
    anew = and_(final.c.passed_at.is_not(None), final.c.issued == 0)
    status = case(
        (holds, "certified"),
        (and_(anew, final.c.signed > 0), "waiting"),
        (anew, "passed"),
        (latest.c.revoked, "revoked"),
        (latest.c.id.is_not(None), "expired"),
        (final.c.person_id.is_not(None), "failed"),
        (begun, "under_way"),
        else_="not_started",
    )
    columns = (
        person.c.id.label("person_id"),
        func.coalesce(person.c.nip, person.c.employee_id).label("identifier"),
        person.c.name,
        person.c.position,
        person.c.unit_id,
        unit.c.name.label("place"),
        unit.c.zone,
        status.label("status"),
        final.c.score,
        *_of_certificate(final, latest, or_(holds, ~anew)),
    )
    query = select(*columns).join(unit, unit.c.id == person.c.unit_id)
    query = query.outerjoin(final, final.c.person_id == person.c.id)
    query = query.outerjoin(latest, latest.c.person_id == person.c.id).where(person.c.state == "active")
    if not scope.everyone:
        query = query.where(person.c.unit_id.in_(scope.units))
    return query.cte("standing")


def _of_certificate(final: CTE, latest: CTE, named: ColumnElement[bool]) -> tuple[Label[Any], ...]:
    # Whoever holds none that is good and has passed anew is told by the passing, not by the old certificate.
    told = and_(latest.c.id.is_not(None), named)
    return (
        case((told, latest.c.issued_at), else_=final.c.passed_at).label("finished_at"),
        case((told, latest.c.id)).label("certificate_id"),
        case((told, latest.c.number), else_="").label("number"),
        case((told, latest.c.expires_at)).label("expires_at"),
    )


def _fitting(query: Select[Any], standing: CTE, wanted: Filter, *, by_status: bool) -> Select[Any]:
    if wanted.unit_id is not None:
        tree = select(unit.c.id).where(unit.c.id == wanted.unit_id).cte("tree", recursive=True)
        tree = tree.union(select(unit.c.id).join(tree, unit.c.parent_id == tree.c.id))
        query = query.where(standing.c.unit_id.in_(select(tree.c.id)))
    if by_status and wanted.status is not None:
        query = query.where(standing.c.status == wanted.status)
    if wanted.day_from is not None:
        query = query.where(standing.c.finished_at >= datetime.combine(wanted.day_from, time(), _ZONE))
    if wanted.day_to is not None:
        after = datetime.combine(wanted.day_to + timedelta(days=1), time(), _ZONE)
        query = query.where(standing.c.finished_at < after)
    if wanted.text:
        digits = wanted.text.replace(" ", "")
        named = standing.c.name.icontains(wanted.text, autoescape=True)
        query = query.where(or_(named, standing.c.identifier == digits))
    return query


def completions(
    db: Connection,
    scope: Scope,
    program_id: str,
    quiz_id: str,
    wanted: Filter,
    *,
    now: datetime,
    limit: int | None,
    offset: int,
) -> Iterator[Row[*tuple[Any, ...]]]:
    """Yield completion rows from the cursor, by unit and name."""
    standing = _standing(scope, program_id, quiz_id, now)
    query = _fitting(select(standing), standing, wanted, by_status=True)
    query = query.order_by(standing.c.place, standing.c.unit_id, standing.c.name, standing.c.person_id)
    query = query.limit(limit).offset(offset)
    # On the statement: options of a connection would stay, and PostgreSQL then opens a cursor for every INSERT.
    yield from db.execute(query, execution_options={} if limit else {"yield_per": 1000})


def count_by_unit(
    db: Connection, scope: Scope, program_id: str, quiz_id: str, wanted: Filter, *, now: datetime
) -> list[tuple[int, Status, int]]:
    """Count people by unit_id and status, whatever status the filter names."""
    standing = _standing(scope, program_id, quiz_id, now)
    columns = standing.c.unit_id, standing.c.status
    query = _fitting(select(*columns, func.count().label("people")), standing, wanted, by_status=False)
    return [(row.unit_id, row.status, row.people) for row in db.execute(query.group_by(*columns))]


def unit_paths(db: Connection, scope: Scope) -> dict[int, str]:
    """Return unit id -> "Instansi › Unit Kerja" for the units in scope."""
    found = {row.id: row for row in db.execute(select(unit.c.id, unit.c.parent_id, unit.c.name))}

    def path(unit_id: int) -> str:
        row = found[unit_id]
        return f"{path(row.parent_id)} › {row.name}" if row.parent_id else str(row.name)

    paths = {unit_id: path(unit_id) for unit_id in found if scope.covers(unit_id)}
    return dict(sorted(paths.items(), key=lambda one: one[1]))


def export_id(db: Connection, person_id: int, kind: str, arguments: str) -> str | None:
    """Return the export that this person already asked for."""
    mine = export.c.person_id == person_id, export.c.kind == kind, export.c.arguments == arguments
    return db.execute(select(export.c.id).where(*mine)).scalar()


def add_export(db: Connection, values: dict[str, Any]) -> None:
    """Store what a person wants to download."""
    db.execute(insert(export), values)


def export_of(db: Connection, person_id: int, wanted_id: str) -> Row[*tuple[Any, ...]] | None:
    """Return an export of this very person."""
    return db.execute(
        select(export).where(and_(export.c.id == wanted_id, export.c.person_id == person_id))
    ).one_or_none()
