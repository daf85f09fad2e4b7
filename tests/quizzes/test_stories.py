"""A scenario as part of a quiz: decided step by step, never taken back, marked by its fixed maximum."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select

from demo.walking import Walk
from modules.catalog import Program
from people.roles import Actor
from quizzes import attempts, grading, reviewing, sheets, store, stories
from quizzes.attempts import Stale
from quizzes.content import Library
from quizzes.drawing import Stories, draw_stories
from quizzes.sheets import InvalidChoice, Sheet
from storage.engine import Database
from storage.tables import response
from tests import choices
from tests.quizzes.exam import QUIZ, Exam, answer, exam, key, new_person

NAME = "suami-calon"
ITEMS = 2
"""Items before the scenario, which stands last."""


@pytest.fixture
def sari(database: Database) -> Actor:
    return new_person(database, 1)


def told(library: Library, **rules: Any) -> Exam:
    """Return an exam of two items and one scenario that weighs two of them."""
    return exam(library, size=ITEMS, scenarios=Stories(weight=2, among=(NAME,)), **rules)


def at_story(db: Connection, actor: Actor, one: Exam, now: datetime, *, right: bool = True) -> Sheet:
    """Answer the items, and return the sheet at the first decision."""
    sheet = one.start(db, actor, now)
    while sheet.question is not None and sheet.question.story is None:
        sheet = answer(db, actor, sheet, key(db, sheet.attempt_id, sheet.question.position, right=right), now)
    return sheet


def decide(db: Connection, actor: Actor, sheet: Sheet, library: Library, now: datetime, *, right: bool) -> Sheet:
    assert sheet.question is not None
    return answer(db, actor, sheet, choices.safe(library.scenarios[NAME], sheet.question, right=right), now)


def to_the_end(db: Connection, actor: Actor, sheet: Sheet, library: Library, now: datetime, *, right: bool) -> Sheet:
    while sheet.question is not None:
        sheet = decide(db, actor, sheet, library, now, right=right)
    return sheet


@pytest.mark.parametrize(("items", "decisions", "score"), [(True, True, 100), (False, True, 50), (True, False, None)])
def test_the_score_weighs_the_story_and_can_be_marked_again(
    database: Database, sari: Actor, library: Library, items: bool, decisions: bool, score: int | None
) -> None:
    with database.write() as t:
        sheet = at_story(t.db, sari, told(library), t.now, right=items)
        end = to_the_end(t.db, sari, sheet, library, t.now, right=decisions)
        outcome = attempts.submit(t.db, actor=sari, attempt_id=end.attempt_id, now=t.now)
        assert score in (None, outcome.score)
        assert score is not None or 50 <= outcome.score < 100
        assert attempts.regrade(t.db, attempt_id=end.attempt_id) == outcome.score


def test_each_decision_appends_and_comes_back_with_the_next_one(
    database: Database, sari: Actor, library: Library
) -> None:
    with database.write() as t:
        sheet, steps = at_story(t.db, sari, told(library), t.now), 0
        while sheet.question is not None:
            story = sheet.question.story
            assert story is not None
            assert (sheet.question.position, len(story.behind), sheet.answered) == (ITEMS + 1, steps, ITEMS)
            sheet, steps = decide(t.db, sari, sheet, library, t.now, right=True), steps + 1
        assert (sheet.answered, sheet.unanswered) == (ITEMS + 1, ())
        stored = select(response.c.sequence, response.c.choice).where(response.c.position == ITEMS + 1)
        rows = t.db.execute(stored.order_by(response.c.id)).all()
    assert [row.sequence for row in rows] == list(range(1, steps + 1))
    paths = [row.choice.split() for row in rows]
    assert all(longer[:-1] == path for path, longer in pairwise(paths))


def test_any_device_goes_on_at_the_very_decision(database: Database, sari: Actor, library: Library) -> None:
    with database.write() as t:
        sheet = decide(t.db, sari, at_story(t.db, sari, told(library), t.now), library, t.now, right=True)
    with database.write() as t:
        again = told(library).start(t.db, sari, t.now)
    assert again == replace(sheet, unanswered=again.unanswered)
    assert again.unanswered == (ITEMS + 1,)


def test_the_same_decision_twice_is_one_and_another_device_is_told(
    database: Database, sari: Actor, library: Library
) -> None:
    with database.write() as t:
        before = at_story(t.db, sari, told(library), t.now)
        after = decide(t.db, sari, before, library, t.now, right=True)
        assert decide(t.db, sari, before, library, t.now, right=True).question == after.question
        assert before.question is not None
        other = choices.safe(library.scenarios[NAME], before.question, right=False)
        with pytest.raises(Stale) as stale:
            answer(t.db, sari, before, other, t.now, token="other")
    assert stale.value.newest.question == after.question


def test_no_decision_is_taken_back_skipped_or_made_up(database: Database, sari: Actor, library: Library) -> None:
    with database.write() as t:
        before = at_story(t.db, sari, told(library), t.now)
        after = decide(t.db, sari, before, library, t.now, right=True)
        assert before.question is not None
        assert after.question is not None
        assert after.question.story is not None
        path, more = after.question.story.path, after.question.options[0][0]
        other = next(opaque for opaque, _ in before.question.options if opaque != path[0])
        for choice in ((other,), (), (other, more), (more,), (*path, path[0]), (*path, more, more), ("ffffffff",)):
            with pytest.raises(InvalidChoice):
                answer(t.db, sari, after, choice, t.now, token=f"x{choice}"[:60])
        end = to_the_end(t.db, sari, after, library, t.now, right=True)
        row = next(row for row in store.paper(t.db, end.attempt_id) if row.part == "scenario")
        with pytest.raises(InvalidChoice):
            sheets.given(row, [*row.choice.split(), more])


def test_a_story_without_its_ending_earns_nothing_and_is_called_unanswered(
    database: Database, sari: Actor, library: Library
) -> None:
    one = told(library, pass_mark=None)
    with database.write() as t:
        sheet = decide(t.db, sari, at_story(t.db, sari, one, t.now), library, t.now, right=True)
        mine: dict[str, Any] = {"program_id": "netralitas", "quiz_id": QUIZ, "now": t.now, "position": ITEMS + 2}
        last = attempts.open_sheet(t.db, actor=sari, **mine)
        assert last is not None
        assert last.unanswered == (ITEMS + 1,)
        outcome = attempts.submit(t.db, actor=sari, attempt_id=sheet.attempt_id, now=t.now)
        known: dict[str, Any] = {"actor": sari, "library": one.library, "program": one.program}
        result = reviewing.result(t.db, **known, attempt_id=sheet.attempt_id)
    assert outcome.score == 50
    assert result is not None
    assert result.questions[-1].verdict == "unanswered"


def test_contested_choices_cost_nothing(library: Library) -> None:
    found = 0
    for scenario in library.scenarios.values():
        order = stories.new_order(scenario, Random(1))
        first = stories.orders(order)[scenario.start]
        for opaque, name in first:
            run = stories.standing(scenario, order, [opaque])
            lost = 0 if not scenario.choice(scenario.start, name).scored else scenario.choice(scenario.start, name).lost
            assert run.score == scenario.maximum - lost
            found += 1
    assert found > 20


@pytest.mark.parametrize("passed", [True, False])
def test_consequences_are_told_after_passing_only(
    database: Database, sari: Actor, library: Library, passed: bool
) -> None:
    one = told(library, pass_mark=70)
    with database.write() as t:
        sheet = to_the_end(t.db, sari, at_story(t.db, sari, one, t.now, right=passed), library, t.now, right=passed)
        attempts.submit(t.db, actor=sari, attempt_id=sheet.attempt_id, now=t.now)
        known: dict[str, Any] = {"actor": sari, "library": one.library, "program": one.program}
        result = reviewing.result(t.db, **known, attempt_id=sheet.attempt_id)
    assert result is not None
    assert result.passed is passed
    after = [choice.consequence for node in library.scenarios[NAME].nodes.values() for choice in node.choices]
    assert any(text in str(result) for text in after) is passed
    assert result.questions[-1].topic == "Skenario"


def test_what_was_met_least_is_drawn_first() -> None:
    rule = Stories(count=1, among=("a", "b", "c"))
    for seed in range(20):
        assert draw_stories(rule, {"a": 1, "b": 1}, Random(seed)) == ["c"]
    assert {draw_stories(rule, {}, Random(seed))[0] for seed in range(50)} == {"a", "b", "c"}
    assert draw_stories(None, {}, Random(1)) == []


def test_a_scenario_played_as_a_step_counts_as_met(
    database: Database, sari: Actor, library: Library, program: Program
) -> None:
    with database.write() as t:
        walk = Walk(t.db, library, program, Random(1), "http://127.0.0.1")
        walk.set_out(t.now, t.now)
        for step in program.head.steps[:4]:
            walk.take(sari, step, 1)
        assert store.seen_items(t.db, sari.person_id)["undangan-reuni"] == 1


def test_weights_count() -> None:
    assert grading.score([Fraction(1), Fraction(0)], [1, 3]) == 25
