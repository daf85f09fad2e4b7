"""SQL of the reports room: plain reading over the tables of all rooms below."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
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
_UNIT_ORDER = unit.c.name, unit.c.id


def _who(scope: Scope, wanted: Filter, units: Collection[int] | None) -> CTE | None:
    """Return whom the question is about; None is everybody. What is known of a person alone narrows before any join."""
    conditions: list[ColumnElement[bool]] = []
    if not scope.everyone:
        conditions.append(person.c.unit_id.in_(scope.units))
    if wanted.unit_id is not None:
        tree = select(unit.c.id).where(unit.c.id == wanted.unit_id).cte("tree", recursive=True)
        tree = tree.union(select(unit.c.id).join(tree, unit.c.parent_id == tree.c.id))
        conditions.append(person.c.unit_id.in_(select(tree.c.id)))
    if units is not None:
        conditions.append(person.c.unit_id.in_(units))
    if wanted.text:
        named = person.c.name.icontains(wanted.text, autoescape=True)
        digits = wanted.text.replace(" ", "")
        conditions.append(or_(named, person.c.nip == digits, person.c.employee_id == digits))
    return select(person.c.id).where(*conditions).cte("who") if conditions else None


def _final(program_id: str, quiz_id: str, who: CTE | None) -> CTE:
    """Return what each person reached in the final quiz; `pass_number` is the last attempt that passed.

    Read from an index alone, in the order of persons: this is what half a million people cost.
    """
    closed = attempt.c.program_id == program_id, attempt.c.quiz_id == quiz_id, attempt.c.state != "open"
    columns = (
        attempt.c.person_id,
        func.max(attempt.c.score).label("score"),
        func.max(case((attempt.c.passed, attempt.c.number))).label("pass_number"),
        func.min(case((attempt.c.passed, attempt.c.closed_at))).label("first_pass"),
        func.max(case((attempt.c.passed, attempt.c.closed_at))).label("last_pass"),
    )
    query = select(*columns).where(*closed)
    if who is not None:
        query = query.where(attempt.c.person_id.in_(select(who.c.id)))
    return query.group_by(attempt.c.person_id).cte("final")


def _happened(state: str, *more: ColumnElement[bool]) -> Exists:
    """Tell whether this was done to a certificate."""
    of_it = certificate_event.c.certificate_id == certificate.c.id, certificate_event.c.state == state
    return exists().where(*of_it, *more).correlate(certificate, quiz_round)


@dataclass(frozen=True)
class _Anew:
    """A completion without certificate: passed without one, or passed in the round that a renewal opened."""

    yes: ColumnElement[bool]
    signed: ColumnElement[bool]
    passed_at: ColumnElement[datetime]


def _anew(program_id: str, quiz_id: str, final: CTE) -> _Anew:
    opened = quiz_round.c.program_id == program_id, quiz_round.c.quiz_id == quiz_id
    mine_opened = *opened, quiz_round.c.person_id == person.c.id
    # A round that a revocation followed counts no longer: HR must allow another.
    ended = _happened("revoked", certificate_event.c.at >= quiz_round.c.opened_at)
    rounds = exists().where(*mine_opened, ~ended)
    newest = select(func.max(quiz_round.c.after_number)).where(*mine_opened)
    after = func.coalesce(newest.correlate(person).scalar_subquery(), 0)

    def beyond(table: Any) -> Exists:
        """Tell whether a pledge or certificate belongs to an attempt of the round."""
        mine = table.c.person_id == person.c.id, table.c.program_id == program_id, of.c.id == table.c.attempt_id
        return exists().where(*mine, of.c.quiz_id == quiz_id, of.c.number > after)

    of = attempt.alias("of")
    # A programme that changed its final quiz is open to everybody, without a round.
    changed = exists().where(of.c.id == certificate.c.attempt_id, of.c.quiz_id != quiz_id)
    open_again = or_(rounds, and_(changed, ~_happened("revoked")))
    renewed = and_(open_again, final.c.pass_number > after, ~beyond(certificate.alias("other")))
    # What lies behind a round counts no more, certificate or not: nobody knew then who answered.
    first = and_(certificate.c.id.is_(None), final.c.pass_number > after)
    yes = and_(final.c.pass_number.is_not(None), or_(first, renewed))
    return _Anew(yes, beyond(pledge), case((rounds, final.c.last_pass), else_=final.c.first_pass))


def _standing(
    scope: Scope, program_id: str, quiz_id: str, now: datetime, wanted: Filter, units: Collection[int] | None = None
) -> CTE:
    who = _who(scope, wanted, units)
    final = _final(program_id, quiz_id, who)
    begun = or_(
        exists().where(attempt.c.person_id == person.c.id, attempt.c.program_id == program_id),
        exists().where(section_progress.c.person_id == person.c.id, section_progress.c.program_id == program_id),
    )
    lasting = or_(certificate.c.expires_at.is_(None), certificate.c.expires_at > now)
    holds = and_(certificate.c.id.is_not(None), lasting, ~_happened("revoked"))
    anew = _anew(program_id, quiz_id, final)
    status = case(
        (holds, "certified"),
        (and_(anew.yes, anew.signed), "waiting"),
        (anew.yes, "passed"),
        (and_(certificate.c.id.is_not(None), _happened("revoked")), "revoked"),
        (certificate.c.id.is_not(None), "expired"),
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
        status.label("status"),
        final.c.score,
        *_of_certificate(anew, or_(holds, ~anew.yes)),
    )
    mine = certificate.c.person_id == person.c.id, certificate.c.program_id == program_id, ~_happened("superseded")
    query = select(*columns).outerjoin(final, final.c.person_id == person.c.id).outerjoin(certificate, and_(*mine))
    # Anybody can register numbers; who nobody has confirmed is not owed a completion, nor missing one.
    confirmed = or_(person.c.assurance != "declared", certificate.c.id.is_not(None))
    query = query.where(person.c.state == "active", person.c.unit_id.is_not(None), confirmed)
    if who is not None:
        query = query.where(person.c.id.in_(select(who.c.id)))
    return query.cte("standing")


def _of_certificate(anew: _Anew, named: ColumnElement[bool]) -> tuple[Label[Any], ...]:
    # Whoever holds none that is good and has passed anew is told by the passing, not by the old certificate.
    told = and_(certificate.c.id.is_not(None), named)
    return (
        case((told, certificate.c.issued_at), else_=anew.passed_at).label("finished_at"),
        case((told, certificate.c.id)).label("certificate_id"),
        case((told, certificate.c.number), else_="").label("number"),
        case((told, certificate.c.expires_at)).label("expires_at"),
    )


def _fitting(query: Select[Any], standing: CTE, wanted: Filter, *, by_status: bool) -> Select[Any]:
    if by_status and wanted.status is not None:
        query = query.where(standing.c.status == wanted.status)
    if wanted.day_from is not None:
        query = query.where(standing.c.finished_at >= datetime.combine(wanted.day_from, time(), _ZONE))
    if wanted.day_to is not None:
        after = datetime.combine(wanted.day_to + timedelta(days=1), time(), _ZONE)
        query = query.where(standing.c.finished_at < after)
    return query


def completions(
    db: Connection,
    scope: Scope,
    program_id: str,
    quiz_id: str,
    wanted: Filter,
    *,
    now: datetime,
    units: Collection[int] | None = None,
    limit: int | None,
    offset: int,
) -> Iterator[Row[*tuple[Any, ...]]]:
    """Yield completion rows from the cursor, by unit and name; `units` narrows to some."""
    standing = _standing(scope, program_id, quiz_id, now, wanted, units)
    query = select(standing, unit.c.zone).join(unit, unit.c.id == standing.c.unit_id)
    query = _fitting(query, standing, wanted, by_status=True)
    query = query.order_by(*_UNIT_ORDER, standing.c.name, standing.c.person_id).limit(limit).offset(offset)
    # On the statement: options of a connection would stay, and PostgreSQL then opens a cursor for every INSERT.
    yield from db.execute(query, execution_options={} if limit else {"yield_per": 1000})


def count_by_unit(
    db: Connection, scope: Scope, program_id: str, quiz_id: str, wanted: Filter, *, now: datetime
) -> list[tuple[int, Status, int]]:
    """Count people by unit_id and status, in the order of units, whatever status the filter names."""
    standing = _standing(scope, program_id, quiz_id, now, wanted)
    # Offset 0 keeps the two steps apart: otherwise each database guesses that every status is another one, and sorts.
    each = _fitting(select(standing.c.unit_id, standing.c.status), standing, wanted, by_status=False)
    told = each.offset(0).subquery()
    columns = told.c.unit_id, told.c.status
    found = select(*columns, func.count().label("people")).group_by(*columns).subquery()
    ordered = select(found).join(unit, unit.c.id == found.c.unit_id).order_by(*_UNIT_ORDER)
    return [(row.unit_id, row.status, row.people) for row in db.execute(ordered)]


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
