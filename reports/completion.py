"""Who has finished: one row per person in scope, for the page, the route and the command alike."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection

from modules.catalog import Program
from people.roles import EVERYONE, Scope
from reports import store
from reports.rows import STATUSES, Completion, Filter, Status, Tally


def final_quiz(program: Program) -> str:
    """Return the quiz that decides a programme: the last one in its steps. Raises LookupError."""
    quizzes = [step.ref for step in program.head.steps if step.kind == "quiz"]
    if not quizzes:
        raise LookupError(program.id)
    return quizzes[-1]


def rows(
    db: Connection,
    *,
    scope: Scope,
    program: Program,
    wanted: Filter,
    now: datetime,
    limit: int | None = None,
    offset: int = 0,
) -> Iterator[Completion]:
    """Yield the people in scope that fit, by unit and name; people of other units never leave the database."""
    labels = unit_labels(db)
    found = store.completions(db, scope, program.id, final_quiz(program), wanted, now=now, limit=limit, offset=offset)
    names = [field.name for field in fields(Completion) if field.name != "unit"]
    return (Completion(unit=labels[row.unit_id], **{name: getattr(row, name) for name in names}) for row in found)


def tally(db: Connection, *, scope: Scope, program: Program, wanted: Filter, now: datetime) -> list[Tally]:
    """Return (unit, status, people) of everyone who fits but for the status: chips and summary, nothing personal."""
    labels = unit_labels(db)
    found = store.count_by_unit(db, scope, program.id, final_quiz(program), wanted, now=now)
    return [(labels[unit_id], status, people) for unit_id, status, people in found]


def counts(tallied: Iterable[Tally]) -> dict[Status, int]:
    """Add a tally up by status; each status is there."""
    found = dict.fromkeys(STATUSES, 0)
    for _, status, people in tallied:
        found[status] += people
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
