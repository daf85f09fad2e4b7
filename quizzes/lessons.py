"""Reading and sorting in a step that is open: the lock is looked at in the transaction that writes.

The rooms below cannot tell whether a step is open, since quizzes and scenarios come before it; these actions can.
"""

from datetime import datetime

from sqlalchemy import Connection

from modules import progress
from modules.catalog import Program, Ruling
from quizzes.content import Library
from quizzes.journey import require_open


def open_section(
    db: Connection,
    *,
    library: Library,
    program: Program,
    person_id: int,
    step_id: str,
    section_id: str,
    now: datetime,
) -> int | None:
    """Note that a section is open; return the choice last given at its check. Raises journey.Locked."""
    require_open(db, library=library, program=program, person_id=person_id, step_id=step_id, now=now)
    place = {"step_id": step_id, "section_id": section_id}
    return progress.open_section(db, person_id=person_id, program=program, **place, now=now)


def answer_check(
    db: Connection,
    *,
    library: Library,
    program: Program,
    person_id: int,
    step_id: str,
    section_id: str,
    choice: int,
    now: datetime,
) -> bool:
    """Keep an answer to a section's check, which completes it; return whether it was right. Raises journey.Locked."""
    require_open(db, library=library, program=program, person_id=person_id, step_id=step_id, now=now)
    place = {"step_id": step_id, "section_id": section_id}
    return progress.answer_check(db, person_id=person_id, program=program, **place, choice=choice, now=now)


def sort_card(
    db: Connection,
    *,
    library: Library,
    program: Program,
    person_id: int,
    step_id: str,
    card_id: str,
    ruling: Ruling,
    now: datetime,
) -> bool:
    """Keep an answer to a card; return whether it was right. Raises journey.Locked, or KeyError for an unknown card."""
    require_open(db, library=library, program=program, person_id=person_id, step_id=step_id, now=now)
    place = {"step_id": step_id, "card_id": card_id}
    return progress.sort_card(db, person_id=person_id, program=program, **place, ruling=ruling, now=now)
