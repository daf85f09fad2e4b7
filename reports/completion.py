"""Who has finished: one row per person in scope, for the page, the route and the command alike."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection

from modules.catalog import Program
from people.roles import EVERYONE, Scope
from reports import store
from reports.rows import STATUSES, Completion, Filter, Status, Tally


def _final_quiz(program: Program) -> str:
    # No quiz has an empty name: without a final quiz nobody has passed or failed.
    return program.final_quiz.ref if program.final_quiz else ""


def rows(db: Connection, *, scope: Scope, program: Program, wanted: Filter, now: datetime) -> Iterator[Completion]:
    """Yield the people in scope that fit, by unit and name; people of other units never leave the database."""
    return _rows(db, scope, program, wanted, now, None, None, 0)


def page(
    db: Connection,
    *,
    scope: Scope,
    program: Program,
    wanted: Filter,
    now: datetime,
    tallied: Iterable[Tally],
    limit: int,
    offset: int = 0,
) -> list[Completion]:
    """Return some of the same rows. The tally of the same filter says which units hold them: only those are read."""
    units: dict[int, int] = {}
    for one in tallied:
        if wanted.status in (None, one.status):
            units[one.unit_id] = units.get(one.unit_id, 0) + one.people
    chosen: list[int] = []
    skipped = found = 0
    for unit_id, people in units.items():
        if not chosen and skipped + people <= offset:
            skipped += people
        elif found < offset - skipped + limit:
            chosen.append(unit_id)
            found += people
    return list(_rows(db, scope, program, wanted, now, chosen, limit, offset - skipped)) if chosen else []


def _rows(
    db: Connection,
    scope: Scope,
    program: Program,
    wanted: Filter,
    now: datetime,
    units: list[int] | None,
    limit: int | None,
    offset: int,
) -> Iterator[Completion]:
    labels, quiz_id = unit_labels(db), _final_quiz(program)
    found = store.completions(db, scope, program.id, quiz_id, wanted, now=now, units=units, limit=limit, offset=offset)
    names = [field.name for field in fields(Completion) if field.name != "unit"]
    return (Completion(unit=labels[row.unit_id], **{name: getattr(row, name) for name in names}) for row in found)


def tally(db: Connection, *, scope: Scope, program: Program, wanted: Filter, now: datetime) -> list[Tally]:
    """Return how many people fit by unit and status, whatever status the filter names; nothing personal."""
    labels = unit_labels(db)
    found = store.count_by_unit(db, scope, program.id, _final_quiz(program), wanted, now=now)
    return [Tally(unit_id, labels[unit_id], status, people) for unit_id, status, people in found]


def counts(tallied: Iterable[Tally]) -> dict[Status, int]:
    """Add a tally up by status; each status is there."""
    found = dict.fromkeys(STATUSES, 0)
    for one in tallied:
        found[one.status] += one.people
    return found


def unit_choices(db: Connection, *, scope: Scope) -> dict[int, str]:
    """Return the units in scope with their path in the tree, in order."""
    return store.unit_paths(db, scope)


def unit_labels(db: Connection) -> dict[int, str]:
    """Return every unit's path in words; the agency above all of them is left out where there is only one."""
    paths = store.unit_paths(db, EVERYONE)
    agencies = {path.split(" › ")[0] for path in paths.values()}
    if len(agencies) > 1:
        return paths
    return {unit_id: path.split(" › ", 1)[-1] for unit_id, path in paths.items()}
