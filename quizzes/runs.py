"""Scenario runs: an attempt whose every decision is stored, to be replayed and repeated from any point."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random, SystemRandom
from typing import Literal

from sqlalchemy import Connection

from modules import progress
from modules.catalog import Program
from people.roles import Actor
from quizzes import attempts, casting, grading, journey, store, stories
from quizzes.content import Library
from quizzes.scenarios import Choice, Decision, Ending, Run, Scenario, replay
from quizzes.sheets import InvalidChoice, Rows
from storage import audit

Gravity = Literal["safe", "contested", "careful", "grave"]


@dataclass(frozen=True)
class Crossing:
    """One decision on the path: what was chosen, what followed and why, and what was left."""

    title: str
    chosen: str
    untaken: tuple[str, ...]
    consequence: str
    basis: tuple[str, ...]
    gravity: Gravity


@dataclass(frozen=True)
class Junction:
    """The decision to be made now; `options` are (opaque id, text) in the run's own order."""

    title: str
    text: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class View:
    """A run as its owner sees it: either a `junction` or an `ending`. A write must name `sequence`."""

    attempt_id: int
    title: str
    story: str
    lesson: str
    sequence: int
    path: tuple[Crossing, ...]
    junction: Junction | None
    ending: Ending | None
    score: int
    finished: bool


class Stale(Exception):
    """Another device decided in between; `newest` is the run as it stands."""

    def __init__(self, newest: View) -> None:
        super().__init__(newest.attempt_id)
        self.newest = newest


def start_or_resume(
    db: Connection,
    *,
    actor: Actor,
    library: Library,
    program: Program,
    step_id: str,
    now: datetime,
    random: Random | None = None,
) -> View:
    """Return the person's run of a scenario where it stands; begin it when there is none.

    Raises journey.Locked, or casting.NoRole before a scenario that is told by role.

    There is one run per person and scenario: its score stands from the first ending on, exploring goes on.
    """
    state = journey.require_open(db, library=library, program=program, person_id=actor.person_id, step_id=step_id)
    who = actor.person_id
    scenario = library.scenarios[casting.scenario_id(db, person_id=who, program=program, step=state.step)]
    if store.last_attempt(db, who, program.id, scenario.id) is None:
        _begin(db, actor, program, scenario, now, random or SystemRandom())
        progress.note_place(db, person_id=actor.person_id, program=program, step_id=step_id, now=now)
    found = view(db, actor=actor, program_id=program.id, scenario_id=scenario.id)
    if found is None:
        raise KeyError(scenario.id)
    return found


def view(db: Connection, *, actor: Actor, program_id: str, scenario_id: str) -> View | None:
    """Return the person's run of a scenario, or None before it is begun."""
    attempt = store.last_attempt(db, actor.person_id, program_id, scenario_id)
    if attempt is None or attempt.kind != "scenario":
        return None
    return _shown(store.view(db, attempt.id, actor.person_id, 1), _decided(db, attempt.id))


def decide(db: Connection, *, actor: Actor, attempt_id: int, choice: str, seen_sequence: int, now: datetime) -> View:
    """Store a decision, by its opaque id, and return the run after it.

    The same decision sent twice counts once. The first ending closes the attempt and fixes its score.
    Raises attempts.NotYours, InvalidChoice (also when another role was chosen meanwhile), or Stale when another
    device decided in between.
    """
    rows = attempts.own(db, actor=actor, attempt_id=attempt_id, kind="scenario", now=now, positions=(1, 0))
    made = _decided(db, attempt_id)
    _require_sequence(seen_sequence, made)
    names = {"person_id": actor.person_id, "program_id": rows[0].program_id}
    if not casting.still_plays(db, **names, role_id=_scenario(rows).role):
        raise InvalidChoice
    run = replay(_scenario(rows), made[:seen_sequence])
    decision = Decision(run.at, dict(_orders(rows).get(run.at, ())).get(choice))
    if decision.choice_id is None:
        raise InvalidChoice
    return _store(db, actor, rows, made, decision, seen_sequence, now)


def rewind(db: Connection, *, actor: Actor, attempt_id: int, crossing: int, seen_sequence: int, now: datetime) -> View:
    """Go back to a decision of the path (0 is the first) and return the run there. Raises as `decide` does."""
    rows = attempts.own(db, actor=actor, attempt_id=attempt_id, kind="scenario", now=now, positions=(1, 0))
    made = _decided(db, attempt_id)
    _require_sequence(seen_sequence, made)
    path = replay(_scenario(rows), made[:seen_sequence]).path
    if not 0 <= crossing < len(path):
        raise InvalidChoice
    return _store(db, actor, rows, made, Decision(path[crossing][0], None), seen_sequence, now)


def regrade(db: Connection, *, attempt_id: int, person_id: int) -> int:
    """Mark a run again from its stored decisions and pinned version; return the percentage, change nothing."""
    scenario = _scenario(store.view(db, attempt_id, person_id, 1))
    return grading.scenario_score(replay(scenario, _decided(db, attempt_id)).score, scenario.maximum)


def _scenario(rows: Rows) -> Scenario:
    return stories.scenario_of(rows[0].content)


def _orders(rows: Rows) -> dict[str, list[tuple[str, str]]]:
    return stories.orders(rows[0].option_order)


def _decided(db: Connection, attempt_id: int) -> list[Decision]:
    return [Decision(row.node_id, row.choice_id) for row in store.decisions(db, attempt_id)]


def _require_sequence(seen_sequence: int, made: Sequence[Decision]) -> None:
    if not 0 <= seen_sequence <= len(made):
        raise InvalidChoice


def _begin(db: Connection, actor: Actor, program: Program, scenario: Scenario, now: datetime, random: Random) -> None:
    values = {"person_id": actor.person_id, "program_id": program.id, "quiz_id": scenario.id, "kind": "scenario"}
    attempt_id = store.add_attempt(db, {**values, "number": 1, "started_at": now})
    if attempt_id is None:
        return
    progress.note_begun(db, person_id=actor.person_id, program=program)
    version = {"version": scenario.version, "content_id": scenario.id, "content": scenario.content}
    item = {"attempt_id": attempt_id, "position": 1, "item_id": scenario.id, "version": scenario.version}
    placed = {**item, "option_order": stories.new_order(scenario, random), "kind": "scenario", "weight": 1}
    store.add_items(db, [{**version, "first_used_at": now}], [placed])


def _store(
    db: Connection,
    actor: Actor,
    rows: Rows,
    made: Sequence[Decision],
    decision: Decision,
    seen_sequence: int,
    now: datetime,
) -> View:
    if len(made) != seen_sequence:
        if made[seen_sequence : seen_sequence + 1] == [decision]:
            return _shown(rows, made)
        raise Stale(_shown(rows, made))
    attempt_id = rows[0].id
    values = {"attempt_id": attempt_id, "sequence": seen_sequence + 1, "decided_at": now}
    store.add_decision(db, {**values, "node_id": decision.node_id, "choice_id": decision.choice_id})
    after = [*made, decision]
    run, maximum = replay(_scenario(rows), after), _scenario(rows).maximum
    if run.finished and rows[0].state == "open":
        score = grading.scenario_score(run.score, maximum)
        store.change_attempt(db, attempt_id, state="submitted", closed_at=now, score=score)
        detail = {"score": score}
        audit.record(
            db,
            now=now,
            actor=actor.reference,
            action="attempt.submitted",
            object=f"attempt:{attempt_id}",
            detail=detail,
        )
    return _shown(rows, after)


def _shown(rows: Rows, made: Sequence[Decision]) -> View:
    scenario = _scenario(rows)
    run = replay(scenario, made)
    return View(
        attempt_id=rows[0].id,
        title=scenario.title,
        story=scenario.story,
        lesson=scenario.lesson,
        sequence=len(made),
        path=tuple(crossing(scenario, node_id, choice_id) for node_id, choice_id in run.path),
        junction=None if run.ended else _junction(scenario, run, _orders(rows)),
        ending=scenario.endings.get(run.at),
        score=grading.scenario_score(run.score, scenario.maximum),
        finished=run.finished,
    )


def _junction(scenario: Scenario, run: Run, orders: dict[str, list[tuple[str, str]]]) -> Junction:
    node = scenario.nodes[run.at]
    options = tuple((opaque, scenario.choice(run.at, choice_id).text) for opaque, choice_id in orders[run.at])
    return Junction(node.title, node.text, options)


def crossing(scenario: Scenario, node_id: str, choice_id: str) -> Crossing:
    """Return one decision of a path as it is explained."""
    node, chosen = scenario.nodes[node_id], scenario.choice(node_id, choice_id)
    untaken = tuple(choice.text for choice in node.choices if choice.id != choice_id)
    return Crossing(node.title, chosen.text, untaken, chosen.consequence, chosen.basis, gravity(chosen))


def gravity(choice: Choice) -> Gravity:
    """Return how grave a choice is: contested ones are never called wrong, one lost point asks for care."""
    if not choice.scored:
        return "contested"
    if choice.lost == 0:
        return "safe"
    return "careful" if choice.lost == 1 else "grave"
