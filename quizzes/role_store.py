"""SQL of the roles that people chose for the scenarios of a programme; private to the room."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import attempt, chosen_role, decision

_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}


def role_of(db: Connection, person_id: int, program_id: str) -> str | None:
    """Return the role that a person chose in a programme."""
    mine = chosen_role.c.person_id == person_id, chosen_role.c.program_id == program_id
    return db.execute(select(chosen_role.c.role).where(*mine)).scalar()


def decided(db: Connection, person_id: int, program_id: str, scenarios: Collection[str], *, lock: bool = False) -> bool:
    """Tell whether a person made a decision in one of these scenarios; `lock` makes others that decide wait."""
    mine = attempt.c.person_id == person_id, attempt.c.program_id == program_id
    runs = select(attempt.c.id).where(*mine, attempt.c.quiz_id.in_(scenarios), attempt.c.kind == "scenario")
    ids = list(db.execute(runs.with_for_update() if lock else runs).scalars())
    return db.execute(select(decision.c.id).where(decision.c.attempt_id.in_(ids)).limit(1)).scalar() is not None


def set_role(db: Connection, person_id: int, program_id: str, role: str, now: datetime) -> None:
    """Keep a person's role in a programme; the newest choice stands."""
    insert: Any = _DIALECTS[db.dialect.name].insert(chosen_role)
    values = {"person_id": person_id, "program_id": program_id, "role": role, "chosen_at": now}
    kept = {"role": insert.excluded.role, "chosen_at": insert.excluded.chosen_at}
    statement = insert.values(**values).on_conflict_do_update(index_elements=["person_id", "program_id"], set_=kept)
    db.execute(statement)
