"""SQL of the reports room: plain reading over the tables of all rooms below."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CTE, Connection, Row, Select, and_, case, exists, func, insert, or_, select

from people.roles import Scope
from reports.rows import Filter, Status
from storage.tables import attempt, certificate, certificate_event, export, person, section_progress, unit

# Days of a filter are counted in western Indonesian time, whatever the unit's own zone.
_ZONE = ZoneInfo("Asia/Jakarta")


def _final(program_id: str, quiz_id: str) -> CTE:
    closed = attempt.c.program_id == program_id, attempt.c.quiz_id == quiz_id, attempt.c.state != "open"
    passed_at = case((attempt.c.passed, attempt.c.closed_at))
    columns = (
        attempt.c.person_id,
        func.max(attempt.c.score).label("score"),
        func.min(passed_at).label("passed_at"),
        func.count(case((attempt.c.passed, 1))).label("passed"),
    )
    return select(*columns).where(*closed).group_by(attempt.c.person_id).cte("final")


def _valid(program_id: str) -> CTE:
    ended = exists().where(certificate_event.c.certificate_id == certificate.c.id)
    columns = certificate.c.person_id, certificate.c.id, certificate.c.number, certificate.c.issued_at
    return select(*columns).where(certificate.c.program_id == program_id, ~ended).cte("valid")


def _standing(scope: Scope, program_id: str, quiz_id: str) -> CTE:
    final, valid = _final(program_id, quiz_id), _valid(program_id)
    begun = or_(
        exists().where(section_progress.c.person_id == person.c.id, section_progress.c.program_id == program_id),
        exists().where(attempt.c.person_id == person.c.id, attempt.c.program_id == program_id),
    )
    status = case(
        (valid.c.id.is_not(None), "certified"),
        (final.c.passed > 0, "passed"),
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
        unit.c.name.label("unit"),
        unit.c.zone,
        status.label("status"),
        final.c.score,
        func.coalesce(valid.c.issued_at, final.c.passed_at).label("finished_at"),
        valid.c.id.label("certificate_id"),
        func.coalesce(valid.c.number, "").label("number"),
    )
    query = select(*columns).join(unit, unit.c.id == person.c.unit_id)
    query = query.outerjoin(final, final.c.person_id == person.c.id).outerjoin(valid, valid.c.person_id == person.c.id)
    query = query.where(person.c.state == "active")
    if not scope.everyone:
        query = query.where(person.c.unit_id.in_(scope.units))
    return query.cte("standing")


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
    limit: int | None,
    offset: int,
) -> Iterator[Row[*tuple[Any, ...]]]:
    """Yield completion rows from the cursor, by unit and name."""
    standing = _standing(scope, program_id, quiz_id)
    columns = [column for column in standing.c if column.name != "unit_id"]
    query = _fitting(select(*columns), standing, wanted, by_status=True)
    query = query.order_by(standing.c.unit, standing.c.name, standing.c.person_id).limit(limit).offset(offset)
    yield from db.execution_options(yield_per=1000).execute(query)


def count_by_status(db: Connection, scope: Scope, program_id: str, quiz_id: str, wanted: Filter) -> dict[Status, int]:
    """Count people by status."""
    standing = _standing(scope, program_id, quiz_id)
    query = _fitting(select(standing.c.status, func.count().label("people")), standing, wanted, by_status=False)
    return {row.status: row.people for row in db.execute(query.group_by(standing.c.status))}


def unit_status_pairs(
    db: Connection, scope: Scope, program_id: str, quiz_id: str, wanted: Filter
) -> list[tuple[str, Status]]:
    """Return (unit, status) per person."""
    standing = _standing(scope, program_id, quiz_id)
    query = _fitting(select(standing.c.unit, standing.c.status), standing, wanted, by_status=True)
    return [(row.unit, row.status) for row in db.execute(query)]


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
