"""More time, another try or a reopening for one person, with a reason that stays in the record."""

from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row

from people import roles
from people.roles import Actor, Refused, Scope
from quizzes import allowance_store, store
from quizzes.admission import over
from quizzes.drawing import Quiz
from storage import audit

Kind = Literal["time", "try", "reopen"]
REASON_LENGTH = range(10, 501)
AMOUNTS: dict[Kind, range] = {"time": range(1, 241), "try": range(1, 6), "reopen": range(241)}
"""Minutes for time and reopening, tries for try."""
DOUBLE_CLICK = timedelta(minutes=1)


class Unfit(Exception):
    """The allowance does not fit; `problem` is amount, reason, once, no_deadline, not_failed, still_open or kind."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def check(quiz: Quiz, *, kind: Kind, amount: int, reason: str) -> None:
    """Refuse what fits nobody: it can be known before anybody is asked whether they mean it. Raises Unfit.

    A quiz without a pass mark measures where somebody begins: a second go at it would measure nothing.
    """
    if kind not in get_args(Kind):
        raise Unfit("kind")
    if quiz.pass_mark is None and kind != "time":
        raise Unfit("once")
    if amount not in AMOUNTS[kind]:
        raise Unfit("amount")
    if len(reason.strip()) not in REASON_LENGTH:
        raise Unfit("reason")


def give(
    db: Connection,
    *,
    actor: Actor,
    person_id: int,
    program_id: str,
    quiz: Quiz,
    kind: Kind,
    amount: int,
    reason: str,
    now: datetime,
) -> int:
    """Give one person an allowance at a quiz and return its id. Raises Refused or Unfit.

    `time`: minutes, added to the open attempt's deadline, else to the next attempt's limit.
    `try`: tries beyond the quiz's own; given after a fail it also ends the cool-down.
    `reopen`: the last attempt, which failed, is open again with its answers; `amount` minutes when it had a deadline.
    Nobody gives to themselves. The same again within a minute is a double click and changes nothing.
    """
    check(quiz, kind=kind, amount=amount, reason=reason)
    reason, quiz_id = reason.strip(), quiz.id
    _require_scope(db, actor, person_id)
    values = {"person_id": person_id, "program_id": program_id, "quiz_id": quiz_id, "kind": kind, "amount": amount}
    row = {**values, "reason": reason, "granted_by": actor.person_id}
    if (twin := allowance_store.same_allowance(db, row, now - DOUBLE_CLICK)) is not None:
        return twin
    last = _locked(db, person_id, program_id, quiz_id)
    if kind == "time":
        _extend(db, last, amount, now)
    elif kind == "reopen":
        _reopen(db, last, amount, now)
    allowance_id = allowance_store.add_allowance(db, {**row, "granted_at": now})
    detail = {"quiz": f"{program_id}/{quiz_id}", "kind": kind, "amount": amount, "allowance": allowance_id}
    if kind == "reopen" and last is not None:
        detail |= {"attempt": last.id, "score": last.score}
    person = f"person:{person_id}"
    audit.record(db, now=now, actor=actor.reference, action="allowance.given", object=person, detail=detail)
    return allowance_id


def find_people(db: Connection, *, actor: Actor, words: str) -> list[Row[*tuple[Any, ...]]]:
    """Return people in the actor's scope by part of the name or by NIP: id, name, nip, unit_name. Raises Refused."""
    scope = roles.give_allowance(actor)
    words = words.strip()
    # A NIP copied from a page carries spaces.
    words = words.replace(" ", "").replace("\u00a0", "") if words and words[0].isdigit() else words
    return allowance_store.find_people(db, words, _units(scope)) if words else []


def given(db: Connection, *, actor: Actor, limit: int = 50) -> list[Row[*tuple[Any, ...]]]:
    """Return the newest allowances in the actor's scope, with name and giver_name. Raises Refused."""
    return allowance_store.given_allowances(db, _units(roles.give_allowance(actor)), limit)


def _units(scope: Scope) -> frozenset[int] | None:
    return None if scope.everyone else scope.units


def _require_scope(db: Connection, actor: Actor, person_id: int) -> None:
    scope = roles.give_allowance(actor)
    who = allowance_store.lock_person(db, person_id)
    if who is None or who.id == actor.person_id or not scope.covers(who.unit_id):
        raise Refused("give_allowance")


def _locked(db: Connection, person_id: int, program_id: str, quiz_id: str) -> Row[*tuple[Any, ...]] | None:
    last = store.last_attempt(db, person_id, program_id, quiz_id)
    if last is None:
        return None
    store.lock_attempt(db, last.id, person_id)
    return store.last_attempt(db, person_id, program_id, quiz_id)


def _extend(db: Connection, last: Row[*tuple[Any, ...]] | None, minutes: int, now: datetime) -> None:
    if last is None or last.state != "open":
        return
    if last.deadline_at is None or over(last.deadline_at, now):
        raise Unfit("no_deadline")
    store.change_attempt(db, last.id, deadline_at=last.deadline_at + timedelta(minutes=minutes))


def _reopen(db: Connection, last: Row[*tuple[Any, ...]] | None, minutes: int, now: datetime) -> None:
    if last is not None and last.state == "open":
        raise Unfit("still_open")
    if last is None or last.passed is not False:
        raise Unfit("not_failed")
    if last.deadline_at is not None and not minutes:
        raise Unfit("amount")
    deadline = now + timedelta(minutes=minutes) if last.deadline_at is not None else None
    store.change_attempt(db, last.id, state="open", closed_at=None, score=None, passed=None, deadline_at=deadline)
