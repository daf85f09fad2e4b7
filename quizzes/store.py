"""SQL of the quizzes room. Statements are built once: an answer pays for running them, not for building them."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from storage.tables import attempt, attempt_item, response

Rows = list[Row[*tuple[Any, ...]]]

_answered = func.count(response.c.position.distinct()).label("answered")
_saved_at = func.max(response.c.answered_at).label("saved_at")
_size = select(func.count()).where(attempt_item.c.attempt_id == attempt.c.id).scalar_subquery().label("size")
_ATTEMPTS = (
    select(attempt, _answered, _saved_at, _size)
    .outerjoin(response, response.c.attempt_id == attempt.c.id)
    .where(attempt.c.person_id == bindparam("person_id"), attempt.c.program_id == bindparam("program_id"))
    .group_by(attempt.c.id)
    .order_by(attempt.c.quiz_id, attempt.c.number)
)


def attempts_of(db: Connection, person_id: int, program_id: str) -> Rows:
    """Return a person's attempts in a programme with answered, saved_at and size, by quiz and number."""
    return list(db.execute(_ATTEMPTS, {"person_id": person_id, "program_id": program_id}))
