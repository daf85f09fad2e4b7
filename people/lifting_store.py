"""SQL of confirming who registered themselves."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, literal, select, update

from storage.lists import among
from storage.tables import (
    UtcDateTime,
    attempt,
    login_session,
    person,
    quiz_round,
    recovery_code,
    sso_account,
    totp,
)

_DECIDES = attempt.c.kind == "quiz", attempt.c.pass_mark.is_not(None)


def close_ways_in(db: Connection, person_ids: Collection[int], now: datetime) -> None:
    """Remove passwords, second factors and bonds to the agency's accounts; end sessions."""
    db.execute(update(person).where(among(db, person.c.id, person_ids)).values(password_hash=None, updated_at=now))
    live = among(db, login_session.c.person_id, person_ids), login_session.c.revoked_at.is_(None)
    db.execute(update(login_session).where(*live).values(revoked_at=now, revoked_reason="dipastikan"))
    for table in (recovery_code, totp, sso_account):
        db.execute(delete(table).where(among(db, table.c.person_id, person_ids)))


def close_attempts(db: Connection, person_ids: Collection[int], now: datetime) -> None:
    """Close the open quizzes that have a pass mark, as not passed."""
    mine = among(db, attempt.c.person_id, person_ids), attempt.c.state == "open"
    db.execute(update(attempt).where(*mine, *_DECIDES).values(state="expired", closed_at=now, score=0, passed=False))


def open_rounds(db: Connection, person_ids: Collection[int], now: datetime) -> None:
    """Let every attempt so far at a quiz with a pass mark lie behind a new round."""
    of_quiz = attempt.c.person_id, attempt.c.program_id, attempt.c.quiz_id
    last = select(*of_quiz, func.max(attempt.c.number).label("number"))
    last_ones = last.where(among(db, attempt.c.person_id, person_ids), *_DECIDES).group_by(*of_quiz).subquery()
    known = select(quiz_round.c.person_id).where(
        quiz_round.c.person_id == last_ones.c.person_id,
        quiz_round.c.program_id == last_ones.c.program_id,
        quiz_round.c.quiz_id == last_ones.c.quiz_id,
        quiz_round.c.after_number >= last_ones.c.number,
    )
    made = select(*last_ones.c, literal(now, UtcDateTime()), last_ones.c.person_id).where(~known.exists())
    columns = ["person_id", "program_id", "quiz_id", "after_number", "opened_at", "opened_by"]
    db.execute(insert(quiz_round).from_select(columns, made))
