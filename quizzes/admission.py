"""Whether a person may begin a quiz now: order of the steps, tries, cool-down, and what was allowed beyond them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from modules.catalog import Program
from people.roles import Actor
from quizzes import allowance_store, journey, store
from quizzes.content import Library
from quizzes.drawing import Quiz

GRACE = timedelta(seconds=5)
"""How long after the deadline an answer still counts: the way from the button to the server, nothing more."""


class NoTriesLeft(Exception):
    """No try is left, or the next one opens at a time (cool-down)."""

    def __init__(self, next_at: datetime | None) -> None:
        super().__init__(next_at)
        self.next_at = next_at


class Done(Exception):
    """The quiz is passed (or, without a pass mark, handed in); `attempt_id` holds the result."""

    def __init__(self, attempt_id: int) -> None:
        super().__init__(attempt_id)
        self.attempt_id = attempt_id


@dataclass(frozen=True)
class Admission:
    """What a person should know before pressing "Mulai kuis".

    `used` of `tries` are begun in this round, `begun` in all. `next_at` is the end of the cool-down when it lies
    ahead. `minutes` is the time limit with what was allowed beyond it. `last` is the newest attempt's row of this
    round; it may be open. A pass counts for `valid_days`, where they are set; what comes after it is a new round.
    `behind` is the number of the last attempt before this round.
    """

    quiz: Quiz
    used: int
    tries: int
    next_at: datetime | None
    minutes: int | None
    last: Row[*tuple[Any, ...]] | None
    begun: int
    valid_days: int | None = None
    behind: int = 0

    @property
    def resumes(self) -> bool:
        """True while an attempt is open."""
        return self.last is not None and self.last.state == "open"

    def require(self) -> None:
        """Check that a new attempt may begin. Raises Done or NoTriesLeft."""
        if self.last is not None and self.last.state != "open" and self.last.passed is not False:
            raise Done(self.last.id)
        if self.used >= self.tries or self.next_at is not None:
            raise NoTriesLeft(self.next_at if self.used < self.tries else None)


def over(deadline_at: datetime | None, now: datetime) -> bool:
    """Tell whether a deadline and its grace have passed."""
    return deadline_at is not None and now > deadline_at + GRACE


def admission(
    db: Connection, *, actor: Actor, library: Library, program: Program, step_id: str, now: datetime
) -> Admission:
    """Return how a quiz stands for a person. Raises journey.Locked, or KeyError for a step that is no quiz."""
    who = actor.person_id
    state = journey.require_open(db, library=library, program=program, person_id=who, step_id=step_id, now=now)
    quiz = library.quiz(program.id, state.step.ref)
    round_ = state.round
    newest = store.last_attempt(db, who, program.id, quiz.id)
    last = newest if newest and newest.number > round_.after else None
    given = allowance_store.allowances_of(db, who, program.id, quiz.id)
    allowed = [row for row in given if round_.covers(row.granted_at)]
    # What was allowed since the last attempt closed is meant for the next one.
    fresh = [row for row in allowed if last is None or (last.closed_at and row.granted_at > last.closed_at)]
    extra = sum(row.amount for row in fresh if row.kind == "time")
    return Admission(
        quiz=quiz,
        used=last.number - round_.after if last else 0,
        begun=newest.number if newest else 0,
        tries=quiz.tries + sum(row.amount for row in allowed if row.kind == "try"),
        next_at=None if any(row.kind == "try" for row in fresh) else _cooled(quiz, last, now),
        minutes=quiz.time_limit_minutes + extra if quiz.time_limit_minutes else None,
        last=last,
        valid_days=state.step.valid_days,
        behind=round_.after,
    )


def _cooled(quiz: Quiz, last: Row[*tuple[Any, ...]] | None, now: datetime) -> datetime | None:
    if last is None or last.closed_at is None:
        return None
    end: datetime = last.closed_at + timedelta(hours=quiz.cooldown_hours)
    return end if end > now else None
