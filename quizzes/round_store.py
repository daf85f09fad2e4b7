"""SQL of rounds."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import quiz_round

_MINE = quiz_round.c.person_id == bindparam("person_id"), quiz_round.c.program_id == bindparam("program_id")
_ROUNDS = (
    select(
        quiz_round.c.quiz_id,
        func.max(quiz_round.c.after_number).label("after"),
        func.max(quiz_round.c.opened_at).label("opened_at"),
    )
    .where(*_MINE)
    .group_by(quiz_round.c.quiz_id)
)


def rounds_of(db: Connection, person_id: int, program_id: str) -> dict[str, tuple[int, datetime]]:
    """Return quiz id -> (after, opened_at) of a person's newest rounds."""
    rows = db.execute(_ROUNDS, {"person_id": person_id, "program_id": program_id})
    return {row.quiz_id: (row.after, row.opened_at) for row in rows}


def add_round(db: Connection, values: dict[str, object]) -> bool:
    """Store a round; False when it was open already."""
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(quiz_round).values(**values).on_conflict_do_nothing()
    return db.execute(statement.returning(quiz_round.c.after_number)).scalar() is not None
