"""SQL of rounds."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import attempt, quiz_round

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


def last_closed(db: Connection, **key: Any) -> int:
    """Return the number of the newest closed attempt at a quiz; 0 where there is none."""
    query = select(func.coalesce(func.max(attempt.c.number), 0)).filter_by(**key)
    return int(db.execute(query.where(attempt.c.state != "open")).scalar_one())


def add_round(db: Connection, values: dict[str, object], since: datetime | None) -> bool:
    """Store a round, or open one anew that was opened up to `since`; False when it was open already."""
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    new = dialect.insert(quiz_round).values(**values)
    if since is None:
        statement = new.on_conflict_do_nothing()
    else:
        again = {name: values[name] for name in ("opened_at", "opened_by")}
        key = list(quiz_round.primary_key)
        statement = new.on_conflict_do_update(index_elements=key, set_=again, where=quiz_round.c.opened_at <= since)
    return db.execute(statement.returning(quiz_round.c.after_number)).scalar() is not None
