"""The steps of a programme as they stand for one person: what is done, begun, open or locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Literal

from sqlalchemy import Connection, Row

from modules import progress
from modules.catalog import Program, Step
from modules.progress import Reading
from quizzes import rounds, store
from quizzes.content import Library
from quizzes.rounds import Round

State = Literal["done", "started", "open", "locked"]


class Locked(Exception):
    """The step opens only after another one, whose title is given."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


@dataclass(frozen=True)
class StepState:
    """One step for one person.

    `done` of `total` counts sections of a module and answered questions of a quiz's last attempt; scenarios, pledge
    and certificate have none. `score` (percent) and `passed` belong to the last closed attempt, `saved_at` is when the
    last one was answered last. `locked_by` is the title of the step that comes first.
    `valid_until` is set where a pass counts for a time only; after it the step has `lapsed` and may be taken again,
    but it still is done: the stage that it belongs to is over, and the next one must not be shut. `round` says
    which attempts and allowances count now: a pass that counts no longer opened the newest.
    """

    step: Step
    state: State
    minutes_left: int
    locked_by: str | None = None
    done: int = 0
    total: int = 0
    cards_done: int = 0
    cards_total: int = 0
    score: int | None = None
    passed: bool | None = None
    saved_at: datetime | None = None
    valid_until: datetime | None = None
    lapsed: bool = False
    round: Round = rounds.FIRST


@dataclass(frozen=True)
class _Known:
    library: Library
    program: Program
    reading: Reading
    attempts: Sequence[Row[*tuple[Any, ...]]]
    rounds: dict[str, Round]
    finished: dict[str, bool]
    now: datetime | None


def states(
    db: Connection,
    *,
    library: Library,
    program: Program,
    person_id: int,
    pledged: bool = False,
    certified: bool = False,
    now: datetime | None = None,
) -> tuple[StepState, ...]:
    """Return every step in order. Four queries, however many steps there are.

    A step opens when all before it are done. What was once begun stays open: a section added to a module
    later must not shut a person out of a quiz that is under way. `pledged` and `certified` come from the
    certificates room. Without `now` nothing has lapsed.
    """
    known = _Known(
        library=library,
        program=program,
        reading=progress.reading(db, person_id=person_id, program=program),
        attempts=store.attempts_of(db, person_id, program.id),
        rounds=rounds.rounds(db, person_id=person_id, program_id=program.id),
        finished={"pledge": pledged, "certificate": certified},
        now=now,
    )
    found: list[StepState] = []
    for step in program.head.steps:
        # The step just before is what a person must have done; that it is locked itself tells the rest.
        before = found[-1].step.title if any(state.state != "done" for state in found) else None
        found.append(_state(known, step, before))
    return tuple(found)


def require_open(
    db: Connection,
    *,
    library: Library,
    program: Program,
    person_id: int,
    step_id: str,
    now: datetime | None = None,
) -> StepState:
    """Return the state of a step that may be entered. Raises Locked, or KeyError for an unknown step."""
    for state in states(db, library=library, program=program, person_id=person_id, now=now):
        if state.step.id == step_id:
            if state.locked_by is not None:
                raise Locked(state.locked_by)
            return state
    raise KeyError(step_id)


def _state(known: _Known, step: Step, before: str | None) -> StepState:
    if step.kind == "module":
        return _module(known, step, before)
    if step.kind in ("quiz", "scenario"):
        return _attempted(known, step, before)
    if known.finished[step.kind]:
        return StepState(step, "done", 0)
    return StepState(step, _entry(before), step.minutes, locked_by=before)


def _entry(before: str | None) -> State:
    return "open" if before is None else "locked"


def _module(known: _Known, step: Step, before: str | None) -> StepState:
    module, reading = known.program.module(step.ref), known.reading
    begun = reading.cards_done(module) > 0 or any(module_id == module.id for module_id, _ in reading.opened)
    state: State = "done" if reading.done(module) else "started" if begun else _entry(before)
    return StepState(
        step,
        state,
        minutes_left=0 if state == "done" else max(1, ceil(reading.minutes_left(module))),
        locked_by=before if state == "locked" else None,
        done=reading.sections_done(module),
        total=len(module.sections),
        cards_done=reading.cards_done(module),
        cards_total=len(module.sorting.cards) if module.sorting else 0,
    )


def _attempted(known: _Known, step: Step, before: str | None) -> StepState:
    round_, names = known.rounds.get(step.ref, rounds.FIRST), known.program.scenarios(step)
    mine = [row for row in known.attempts if row.quiz_id in names and row.kind == step.kind]
    mine = [row for row in mine if row.number > round_.after]
    size = known.library.quiz(known.program.id, step.ref).size if step.kind == "quiz" else 0
    if not mine:
        return StepState(step, _entry(before), step.minutes, locked_by=before, total=size, round=round_)
    closed = [row for row in mine if row.state != "open"]
    last = mine[-1]
    # Without a pass mark `passed` stays empty, and handing in is enough.
    passed = [row for row in closed if row.passed is not False]
    done = bool(passed)
    until = passed[-1].closed_at + timedelta(days=step.valid_days) if passed and step.valid_days else None
    lapsed = until is not None and known.now is not None and until <= known.now
    unanswered = 1 - last.answered / last.size if last.state == "open" and size else 1
    return StepState(
        step,
        "done" if done else "started",
        minutes_left=0 if done else max(1, ceil(step.minutes * unanswered)),
        done=last.answered,
        total=last.size if size else 0,
        score=closed[-1].score if closed else None,
        passed=closed[-1].passed if closed else None,
        saved_at=last.saved_at,
        valid_until=until,
        lapsed=lapsed,
        round=_round_after(passed if lapsed else passed[:-1], round_) if step.valid_days else round_,
    )


def _round_after(ended: Sequence[Row[*tuple[Any, ...]]], opened: Round) -> Round:
    """Return the round that the last pass that counts no longer opened, when it was closed."""
    return Round(ended[-1].number, ended[-1].closed_at) if ended else opened
