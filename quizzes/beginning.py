"""What a new attempt pins: versions of items and scenarios, their order, and the deadline."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection

from modules import progress
from modules.catalog import Program
from people.roles import Actor
from quizzes import history, sheets, store, stories
from quizzes.admission import Admission
from quizzes.bank import Item
from quizzes.content import Library
from quizzes.drawing import draw, draw_stories
from quizzes.forms import form_for
from quizzes.scenarios import Scenario


def begin(
    db: Connection,
    admitted: Admission,
    actor: Actor,
    library: Library,
    program: Program,
    now: datetime,
    random: Random,
) -> None:
    """Draw and store an attempt; nothing happens when another transaction began one first."""
    quiz, limit = admitted.quiz, admitted.minutes
    drawn = _drawn(db, admitted, actor, library, program, random)
    values = {
        "person_id": actor.person_id,
        "program_id": program.id,
        "quiz_id": quiz.id,
        "kind": "quiz",
        "number": admitted.begun + 1,
        "started_at": now,
        "deadline_at": now + timedelta(minutes=limit) if limit else None,
        "pass_mark": quiz.pass_mark,
    }
    attempt_id = store.add_attempt(db, values)
    if attempt_id is None:
        return
    progress.note_begun(db, person_id=actor.person_id, program=program)
    weight = quiz.scenarios.weight if quiz.scenarios else 1
    versions = [{"version": i.version, "content_id": i.id, "content": i.content, "first_used_at": now} for i in drawn]
    placed = [
        {"attempt_id": attempt_id, "position": position, **_placed(part, weight, random)}
        for position, part in enumerate(drawn, 1)
    ]
    store.add_items(db, versions, placed)


def _drawn(
    db: Connection, admitted: Admission, actor: Actor, library: Library, program: Program, random: Random
) -> list[Item | Scenario]:
    """Return the items, and after them the scenarios: who has warmed up decides in a longer story."""
    quiz, seen = admitted.quiz, store.seen_items(db, actor.person_id)
    missed = history.missed_items(db, person_id=actor.person_id, quiz_id=quiz.id) if quiz.stage else frozenset[str]()
    form = form_for(quiz.form, program_id=program.id, person_id=actor.person_id)
    items = draw(quiz, library.bank, seen, random, missed=missed, form=form)
    return [*items, *(library.scenarios[name] for name in draw_stories(quiz.scenarios, seen, random))]


def _placed(part: Item | Scenario, weight: int, random: Random) -> dict[str, Any]:
    pinned = {"item_id": part.id, "version": part.version}
    if isinstance(part, Scenario):
        return {**pinned, "kind": "scenario", "weight": weight, "option_order": stories.new_order(part, random)}
    return {**pinned, "kind": "item", "weight": 1, "option_order": sheets.new_order(part, random)}
