"""One person's go at a quiz: begun once, answered by appending, handed in or timed out, marked from what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random, SystemRandom
from typing import Any, get_args

from sqlalchemy import Connection, Row

from modules import progress
from modules.catalog import Program
from people.roles import Actor
from quizzes import beginning, grading, sheets, store
from quizzes.admission import GRACE, admission, over
from quizzes.content import Library
from quizzes.sheets import Confidence, InvalidChoice, Sheet
from storage import audit

TOKEN_LENGTH = 64
LARGEST = 2**31 - 1
"""The largest id and position that the database holds; more is a forgery, not a fault."""


class NotYours(Exception):
    """No attempt of this person has this id; the refusal stands in the audit log."""


class Closed(Exception):
    """The attempt is handed in, or its time is over."""

    def __init__(self, attempt_id: int, *, expired: bool) -> None:
        super().__init__(attempt_id)
        self.attempt_id = attempt_id
        self.expired = expired


class Stale(Exception):
    """Another device answered this question later than what this one saw; `newest` is the sheet as it stands."""

    def __init__(self, newest: Sheet) -> None:
        super().__init__(newest.attempt_id)
        self.newest = newest


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended. `passed` is None where the quiz has no pass mark."""

    attempt_id: int
    state: str
    score: int
    passed: bool | None


def start_or_resume(
    db: Connection,
    *,
    actor: Actor,
    library: Library,
    program: Program,
    step_id: str,
    now: datetime,
    random: Random | None = None,
) -> Sheet:
    """Return the person's open attempt at its first open question; begin one when there is none.

    Pressing twice, in two tabs or on two devices gives the same attempt: the database admits one open attempt
    per person and quiz. Raises journey.Locked, Done, NoTriesLeft, or Closed when the time has just run out.
    """
    admitted = admission(db, actor=actor, library=library, program=program, step_id=step_id, now=now)
    if not admitted.resumes:
        admitted.require()
        beginning.begin(db, admitted, actor, library, program, now, random or SystemRandom())
        progress.note_place(db, person_id=actor.person_id, program=program, step_id=step_id, now=now)
    # Read again what is open now: this transaction's attempt, or that of one which came first.
    attempt = store.last_attempt(db, actor.person_id, program.id, admitted.quiz.id)
    if attempt is None:
        raise KeyError(admitted.quiz.id)
    rows = hold(db, actor=actor, attempt_id=attempt.id, kind="quiz", now=now)
    return _laid_out(db, rows, actor.person_id, None)


def open_sheet(
    db: Connection,
    *,
    actor: Actor,
    program_id: str,
    quiz_id: str,
    now: datetime,
    position: int | None = None,
    overview: bool = False,
) -> Sheet | None:
    """Return the person's open attempt at a position (else where to go on), or None when none is open.

    `overview` adds the unanswered positions. Raises Closed when its time is over; `submit` then closes it.
    """
    attempt = store.last_attempt(db, actor.person_id, program_id, quiz_id)
    if attempt is None or attempt.state != "open":
        return None
    if over(attempt.deadline_at, now):
        raise Closed(attempt.id, expired=True)
    found = store.view(db, attempt.id, actor.person_id, position or 0)
    return _laid_out(db, found, actor.person_id, position, overview=overview)


def _laid_out(
    db: Connection, rows: sheets.Rows, person_id: int, position: int | None, *, overview: bool = False
) -> Sheet:
    known = store.positions(db, rows[0].id) if position is None or overview or position > rows[0].size else None
    if position is None and known is not None:
        position = sheets.next_position(known)
        rows = store.view(db, rows[0].id, person_id, position)
    empty = tuple(place for place, answered in known if answered is None) if known is not None else None
    return replace(sheets.sheet(rows, position or 0), unanswered=empty)


def answer(
    db: Connection,
    *,
    actor: Actor,
    attempt_id: int,
    position: int,
    choice: Sequence[str],
    seen_sequence: int,
    token: str,
    now: datetime,
    then: int | None = None,
    confidence: Confidence | None = None,
) -> Sheet:
    """Append one answer and return the sheet at `then` (else the next position), all in one transaction.

    A scenario takes its path with one decision more, and comes back with the next decision until it has ended.

    `choice` holds opaque option ids, `seen_sequence` the number of the answer that the screen showed, `token`
    is new for each screen. The same token or the same choice again changes nothing, unless the person is now
    more or less sure of it. Raises NotYours, Closed,
    InvalidChoice, or Stale when another screen answered in between: nothing is overwritten unseen.
    """
    after = position + 1 if then is None else then
    if not (0 < position < LARGEST and 0 < after < LARGEST and 1 <= len(token) <= TOKEN_LENGTH):
        raise InvalidChoice
    if confidence not in (None, *get_args(Confidence)):
        raise InvalidChoice
    rows = hold(db, actor=actor, attempt_id=attempt_id, kind="quiz", now=now, positions=(position, after))
    row = next((row for row in rows if row.position == position), None)
    if row is None:
        raise InvalidChoice
    value, complete = sheets.given(row, choice)
    after = after if complete else position
    said = {"choice": value, "confidence": confidence, "complete": complete, "token": token, "answered_at": now}
    stored = (value, confidence) != (row.choice, row.confidence) and _append(db, row, seen_sequence, said)
    if after > row.size:
        return _laid_out(db, store.view(db, attempt_id, actor.person_id, after), actor.person_id, after)
    shown = sheets.sheet(rows, after)
    return sheets.with_answer(shown, row, value, said, complete=complete) if stored else shown


def _append(db: Connection, row: Row[*tuple[Any, ...]], seen_sequence: int, said: dict[str, Any]) -> bool:
    sequence = row.sequence or 0
    if sequence != seen_sequence:
        if store.has_token(db, row.id, said["token"]):
            return False
        raise Stale(sheets.sheet([row], row.position))
    if not sheets.goes_on(row, said["choice"]):
        raise InvalidChoice
    values = {"attempt_id": row.id, "position": row.position, "sequence": sequence + 1}
    return store.add_response(db, {**values, **said}) is not None


def submit(db: Connection, *, actor: Actor, attempt_id: int, now: datetime) -> Outcome:
    """Hand an attempt in and mark it; handing in twice gives the same outcome. Raises NotYours.

    After the deadline what was stored in time is marked, and the state is `expired`.
    """
    attempt = own(db, actor=actor, attempt_id=attempt_id, kind="quiz", now=now)[0]
    if attempt.state != "open":
        return Outcome(attempt.id, attempt.state, attempt.score, attempt.passed)
    state = "expired" if over(attempt.deadline_at, now) else "submitted"
    return _close(db, attempt, state, actor.reference, now)


def expire_due(db: Connection, *, now: datetime) -> int:
    """Close every attempt whose deadline and grace have passed; return how many."""
    found = store.overdue(db, now - GRACE)
    for attempt in found:
        _close(db, attempt, "expired", "system:clock", now)
    return len(found)


def regrade(db: Connection, *, attempt_id: int) -> int:
    """Mark an attempt again from its stored responses and pinned versions; return the score, change nothing."""
    parts = store.paper(db, attempt_id)
    return grading.score([sheets.mark(row) for row in parts], [row.weight for row in parts])


def hold(
    db: Connection, *, actor: Actor, attempt_id: int, kind: str, now: datetime, positions: tuple[int, int] = (0, 0)
) -> sheets.Rows:
    """Lock an open attempt of this person for writing and return it with two of its questions, one a row.

    Raises NotYours or Closed.
    """
    rows = own(db, actor=actor, attempt_id=attempt_id, kind=kind, now=now, positions=positions)
    attempt = rows[0]
    if attempt.state != "open":
        raise Closed(attempt_id, expired=attempt.state == "expired")
    if over(attempt.deadline_at, now):
        _close(db, attempt, "expired", "system:clock", now)
        store.keep(db)
        raise Closed(attempt_id, expired=True)
    return rows


def own(
    db: Connection, *, actor: Actor, attempt_id: int, kind: str, now: datetime, positions: tuple[int, int] = (0, 0)
) -> sheets.Rows:
    """Lock an attempt of this person, open or closed, and return it as `hold` does. Raises NotYours, audited."""
    rows: sheets.Rows = ()
    if 0 < attempt_id <= LARGEST:
        store.lock_attempt(db, attempt_id, actor.person_id)
        rows = store.view(db, attempt_id, actor.person_id, *positions)
    if not rows or rows[0].kind != kind:
        refused = f"attempt:{attempt_id}"
        audit.record(db, now=now, actor=actor.reference, action="attempt.refused", object=refused)
        store.keep(db)
        raise NotYours
    return rows


def _close(db: Connection, attempt: Row[*tuple[Any, ...]], state: str, by: str, now: datetime) -> Outcome:
    score = regrade(db, attempt_id=attempt.id)
    passed = grading.passed(score, attempt.pass_mark)
    # What ran out of time ended at its deadline, however late that is noticed: the cool-down counts from there.
    closed_at = attempt.deadline_at if state == "expired" else now
    store.change_attempt(db, attempt.id, state=state, closed_at=closed_at, score=score, passed=passed)
    detail = {"score": score, "passed": passed}
    audit.record(db, now=now, actor=by, action=f"attempt.{state}", object=f"attempt:{attempt.id}", detail=detail)
    return Outcome(attempt.id, state, score, passed)
