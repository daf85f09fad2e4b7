"""SQL of the reports room: plain reading over the tables of all rooms below."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Exists,
    Row,
    Select,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    text,
    true,
)

from people.roles import Scope
from reports.rows import Filter, Status
from storage.lists import among
from storage.tables import (
    attempt,
    begun,
    certificate,
    certificate_event,
    export,
    person,
    pledge,
    quiz_round,
    unit,
)

# Days of a filter are counted in western Indonesian time, whatever the unit's own zone.
_ZONE = ZoneInfo("Asia/Jakarta")
_UNIT_ORDER = unit.c.name, unit.c.id


def _who(db: Connection, scope: Scope, wanted: Filter, units: Collection[int] | None) -> CTE | None:
    """Return whom the question is about; None is everybody. What is known of a person alone narrows before any join."""
    conditions: list[ColumnElement[bool]] = []
    if not scope.everyone:
        conditions.append(among(db, person.c.unit_id, scope.units))
    if wanted.unit_id is not None:
        tree = select(unit.c.id).where(unit.c.id == wanted.unit_id).cte("tree", recursive=True)
        tree = tree.union(select(unit.c.id).join(tree, unit.c.parent_id == tree.c.id))
        # Fetched: of a tree inside the question PostgreSQL guesses that it holds half of all people.
        conditions.append(among(db, person.c.unit_id, db.execute(select(tree.c.id)).scalars().all()))
    if units is not None:
        conditions.append(among(db, person.c.unit_id, units))
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


def _happened(state: str, certificate_id: ColumnElement[str], *more: ColumnElement[bool]) -> Exists:
    """Tell whether this was done to a certificate."""
    of_it = certificate_event.c.certificate_id == certificate_id, certificate_event.c.state == state
    return exists().where(*of_it, *more).correlate_except(certificate_event)


def _open_round(
    program_id: str, quiz_id: str, person_id: ColumnElement[int], certificate_id: ColumnElement[str]
) -> Exists:
    """Tell whether a renewal is open. A round that a revocation followed counts no longer: HR must allow another."""
    mine = quiz_round.c.person_id == person_id, *_of_quiz(program_id, quiz_id)
    ended = _happened("revoked", certificate_id, certificate_event.c.at >= quiz_round.c.opened_at)
    return exists().where(*mine, ~ended).correlate_except(quiz_round)


def _of_quiz(program_id: str, quiz_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return quiz_round.c.program_id == program_id, quiz_round.c.quiz_id == quiz_id


def _anew(program_id: str, quiz_id: str, final: CTE) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Tell who has passed without a certificate, or in the round that a renewal opened, and who has signed that."""
    newest = select(func.max(quiz_round.c.after_number)).where(
        quiz_round.c.person_id == person.c.id, *_of_quiz(program_id, quiz_id)
    )
    after = func.coalesce(newest.correlate(person).scalar_subquery(), 0)

    def beyond(table: Any) -> Exists:
        """Tell whether a pledge or certificate belongs to an attempt of the round."""
        mine = table.c.person_id == person.c.id, table.c.program_id == program_id, of.c.id == table.c.attempt_id
        return exists().where(*mine, of.c.quiz_id == quiz_id, of.c.number > after)

    of = attempt.alias("of")
    # A programme that changed its final quiz is open to everybody, without a round.
    changed = exists().where(of.c.id == certificate.c.attempt_id, of.c.quiz_id != quiz_id)
    open_again = or_(
        _open_round(program_id, quiz_id, person.c.id, certificate.c.id),
        and_(~_happened("revoked", certificate.c.id), changed),
    )
    renewed = and_(open_again, final.c.pass_number > after, ~beyond(certificate.alias("other")))
    # What lies behind a round counts no more, certificate or not: nobody knew then who answered.
    first = and_(certificate.c.id.is_(None), final.c.pass_number > after)
    return and_(final.c.pass_number.is_not(None), or_(first, renewed)), beyond(pledge)


def _standing(program_id: str, quiz_id: str, now: datetime, who: CTE | None, *, shown: bool = True) -> CTE:
    """Return who stands where; not `shown` leaves out what figures do not need, and SQLite would fetch for them."""
    known = _known(program_id, quiz_id, now, who, shown=shown)
    # Whoever holds none that is good and has passed anew is told by the passing, not by the old certificate.
    told = and_(known.c.certificate_id.is_not(None), known.c.status.not_in(("passed", "waiting")))
    again = _open_round(program_id, quiz_id, known.c.person_id, known.c.certificate_id)
    passed_at = case((again, known.c.last_pass), else_=known.c.first_pass)
    finished_at = case((told, known.c.issued_at), else_=passed_at).label("finished_at")
    if not shown:
        return select(known.c.unit_id, known.c.status, finished_at).cte("standing")
    columns = (
        *(known.c[name] for name in ("person_id", "identifier", "name", "position", "unit_id", "status", "score")),
        finished_at,
        case((told, known.c.certificate_id)).label("certificate_id"),
        case((told, known.c.number), else_="").label("number"),
        case((told, known.c.expires_at)).label("expires_at"),
    )
    return select(*columns).cte("standing")


def _known(program_id: str, quiz_id: str, now: datetime, who: CTE | None, *, shown: bool) -> Subquery:
    """Return each person with status, what they reached in the final quiz, and their present certificate."""
    final = _final(program_id, quiz_id, who)
    revoked = _happened("revoked", certificate.c.id)
    lasting = or_(certificate.c.expires_at.is_(None), certificate.c.expires_at > now)
    anew, signed = _anew(program_id, quiz_id, final)
    status = case(
        (and_(certificate.c.id.is_not(None), lasting, ~revoked), "certified"),
        (anew, case((signed, "waiting"), else_="passed")),
        (certificate.c.id.is_not(None), case((revoked, "revoked"), else_="expired")),
        (final.c.person_id.is_not(None), "failed"),
        (begun.c.person_id.is_not(None), "under_way"),
        else_="not_started",
    )
    columns = (
        *(person.c.id.label("person_id"), person.c.unit_id, status.label("status")),
        *(final.c.first_pass, final.c.last_pass),
        *(certificate.c.id.label("certificate_id"), certificate.c.issued_at),
    )
    told = (
        func.coalesce(person.c.nip, person.c.employee_id).label("identifier"),
        *(person.c.name, person.c.position, final.c.score, certificate.c.number, certificate.c.expires_at),
    )
    # As a bare condition PostgreSQL would make a join of it; CASE keeps it one look into a small set.
    present = case((_happened("superseded", certificate.c.id), false()), else_=true())
    mine = certificate.c.person_id == person.c.id, certificate.c.program_id == program_id, present
    query = select(*columns, *(told if shown else ()))
    query = query.outerjoin(begun, and_(begun.c.person_id == person.c.id, begun.c.program_id == program_id))
    query = query.outerjoin(final, final.c.person_id == person.c.id).outerjoin(certificate, and_(*mine))
    # Anybody can register numbers; who nobody has confirmed is not owed a completion, nor missing one.
    confirmed = or_(person.c.assurance != "declared", certificate.c.id.is_not(None))
    query = query.where(person.c.state == "active", person.c.unit_id.is_not(None), confirmed)
    if who is not None:
        query = query.where(person.c.id.in_(select(who.c.id)))
    # Offset 0 keeps the steps apart: otherwise each use of the status works it out once more.
    return query.offset(0).subquery("known")


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
    standing = _standing(program_id, quiz_id, now, _who(db, scope, wanted, units))
    query = select(standing, unit.c.zone).join(unit, unit.c.id == standing.c.unit_id)
    query = _fitting(query, standing, wanted, by_status=True)
    query = query.order_by(*_UNIT_ORDER, standing.c.name, standing.c.person_id).limit(limit).offset(offset)
    # On the statement: options of a connection would stay, and PostgreSQL then opens a cursor for every INSERT.
    yield from db.execute(query, execution_options={} if limit else {"yield_per": 1000})


def count_by_unit(
    db: Connection, scope: Scope, program_id: str, quiz_id: str, wanted: Filter, *, now: datetime
) -> list[tuple[int, Status, int]]:
    """Count people by unit_id and status, in the order of units, whatever status the filter names."""
    who = _who(db, scope, wanted, None)
    standing = _standing(program_id, quiz_id, now, who, shown=False)
    columns = standing.c.unit_id, standing.c.status
    counted = _fitting(select(*columns, func.count().label("people")), standing, wanted, by_status=False)
    found = counted.group_by(*columns).subquery()
    ordered = select(found).join(unit, unit.c.id == found.c.unit_id).order_by(*_UNIT_ORDER)
    with _planned(db, everybody=who is None):
        return [(row.unit_id, row.status, row.people) for row in db.execute(ordered).all()]


@contextmanager
def _planned(db: Connection, *, everybody: bool) -> Iterator[None]:
    """Keep PostgreSQL from compiling the question, and from hash tables of everybody.

    Half a million people cost half as much when it walks its indexes side by side, in the order of persons.
    """
    if db.dialect.name != "postgresql":
        yield
        return
    # Going back to the savepoint puts the settings back.
    with db.begin_nested() as savepoint:
        for setting in ("jit", *(("enable_hashjoin", "enable_sort") if everybody else ())):
            db.execute(text(f"SET LOCAL {setting} = off"))
        yield
        savepoint.rollback()


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
