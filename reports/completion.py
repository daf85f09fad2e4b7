"""Who has finished: one row per person in scope, for the page, the route and the command alike."""

from collections.abc import Iterator

from sqlalchemy import Connection

from modules.catalog import Program
from people.roles import Scope
from reports import store
from reports.rows import STATUSES, Completion, Filter, Status


def final_quiz(program: Program) -> str:
    """Return the quiz that decides a programme: the last one in its steps. Raises LookupError."""
    quizzes = [step.ref for step in program.head.steps if step.kind == "quiz"]
    if not quizzes:
        raise LookupError(program.id)
    return quizzes[-1]


def rows(
    db: Connection, *, scope: Scope, program: Program, wanted: Filter, limit: int | None = None, offset: int = 0
) -> Iterator[Completion]:
    """Yield the people in scope that fit, by unit and name; people of other units never leave the database."""
    found = store.completions(db, scope, program.id, final_quiz(program), wanted, limit=limit, offset=offset)
    return (Completion(**row._mapping) for row in found)


def counts(db: Connection, *, scope: Scope, program: Program, wanted: Filter) -> dict[Status, int]:
    """Count the people in scope by status, whatever status the filter names."""
    found = store.count_by_status(db, scope, program.id, final_quiz(program), wanted)
    return {status: found.get(status, 0) for status in STATUSES}


def pairs(db: Connection, *, scope: Scope, program: Program, wanted: Filter) -> list[tuple[str, Status]]:
    """Return (unit, status) of everyone who fits: all that the summary needs, and nothing personal."""
    return store.unit_status_pairs(db, scope, program.id, final_quiz(program), wanted)


def unit_choices(db: Connection, *, scope: Scope) -> dict[int, str]:
    """Return the units in scope with their path in the tree, in order."""
    return store.unit_paths(db, scope)
