"""What a closed attempt shows: everything after passing, no key after a fail, weak topics always."""

from typing import Any

import pytest

from people.roles import Actor
from quizzes import attempts, reviewing
from quizzes.attempts import NotYours
from quizzes.content import Library
from quizzes.reviewing import Result
from storage.engine import Database
from tests.quizzes.exam import Exam, answer, exam, finish, key, new_person


@pytest.fixture
def sari(database: Database) -> Actor:
    return new_person(database, 1)


def taken(database: Database, actor: Actor, one: Exam, *, right: bool) -> Result:
    with database.write() as t:
        outcome = finish(t.db, actor, one.start(t.db, actor, t.now), t.now, right=right)
        found = reviewing.result(
            t.db, actor=actor, library=one.library, program=one.program, attempt_id=outcome.attempt_id
        )
    assert found is not None
    return found


def test_after_passing_every_question_is_explained(database: Database, sari: Actor, library: Library) -> None:
    result = taken(database, sari, exam(library, size=10, pass_mark=70), right=True)
    assert (result.score, result.passed, result.complete, result.right, result.weak) == (100, True, True, 10, ())
    assert result.as_of == library.catalog.registry.as_of
    for reviewed in result.questions:
        assert reviewed.verdict == "right"
        assert reviewed.explained or reviewed.parts
        assert all(part.given == part.answer and part.why and part.basis[0].words for part in reviewed.parts)
        for option in reviewed.explained:
            assert option.right
            assert option.chosen
            assert option.why
            assert option.basis[0].words


def test_without_a_pass_mark_wrong_answers_are_explained_beside_the_right_ones(
    database: Database, sari: Actor, library: Library
) -> None:
    result = taken(database, sari, exam(library, pass_mark=None), right=False)
    assert (result.passed, result.complete, result.right) == (None, True, 0)
    for reviewed in result.questions:
        if reviewed.parts:
            assert any(part.given != part.answer for part in reviewed.parts)
            continue
        assert {(option.chosen, option.right) for option in reviewed.explained} >= {(True, False), (False, True)}


def test_after_a_fail_the_key_is_withheld_and_weak_topics_are_not(
    database: Database, sari: Actor, library: Library
) -> None:
    result = taken(database, sari, exam(library, size=10, pass_mark=70), right=False)
    told = str(result)
    assert (result.passed, result.complete, len(result.weak)) == (False, False, 10)
    assert all(weak.readings for weak in result.weak)
    readings = {reading.title for weak in result.weak for reading in weak.readings}
    readings |= {reviewed.reading.title for reviewed in result.questions}
    for reviewed in result.questions:
        item = next(item for item in library.bank.items if item.stem == reviewed.stem)
        assert (reviewed.explained, reviewed.parts) == ((), ())
        assert reviewed.verdict == (None if len(item.options) == 2 else "wrong")
        assert not any(part.why in told for part in item.parts)
        for option in item.options:
            assert option.why not in told
            if option.correct and option.text not in reviewed.chosen:
                assert option.text not in readings
                assert len(option.text) < 25 or option.text not in told


def test_after_a_fail_two_options_are_never_told_apart(database: Database, sari: Actor, library: Library) -> None:
    items = tuple(item for item in library.bank.items if item.type == "true_false")
    one = exam(library, size=1, pass_mark=70, tries=3, cooldown_hours=0)
    topic = items[0].topic
    quiz = one.library.quiz("netralitas", "kuis-akhir")
    quotas = (quiz.quotas[0].model_copy(update={"topic": topic, "count": 1}),)
    one.library.quizzes["netralitas"]["kuis-akhir"] = quiz.model_copy(update={"quotas": quotas})
    object.__setattr__(one.library, "bank", library.bank.model_copy(update={"items": items}))
    assert taken(database, sari, one, right=False).questions[0].verdict is None


def test_weak_topics_name_what_was_lost_and_where_to_read(database: Database, sari: Actor, library: Library) -> None:
    one = exam(library, size=4, pass_mark=None)
    with database.write() as t:
        sheet = one.start(t.db, sari, t.now)
        while sheet.question is not None:
            choice = key(t.db, sheet.attempt_id, sheet.question.position, right=sheet.question.position != 2)
            sheet = answer(t.db, sari, sheet, choice, t.now)
        attempts.submit(t.db, actor=sari, attempt_id=sheet.attempt_id, now=t.now)
        mine: dict[str, Any] = {"actor": sari, "library": one.library, "program": one.program}
        result = reviewing.result(t.db, **mine, attempt_id=sheet.attempt_id)
    assert result is not None
    missed = result.questions[1]
    assert [(weak.name, weak.right, weak.total) for weak in result.weak] == [(missed.topic, 0, 1)]
    assert result.weak[0].readings == (missed.reading,)


def test_unanswered_questions_are_called_so(database: Database, sari: Actor, library: Library) -> None:
    one = exam(library, pass_mark=70)
    with database.write() as t:
        sheet = one.start(t.db, sari, t.now)
        attempts.submit(t.db, actor=sari, attempt_id=sheet.attempt_id, now=t.now)
        mine: dict[str, Any] = {"actor": sari, "library": one.library, "program": one.program}
        result = reviewing.result(t.db, **mine, attempt_id=sheet.attempt_id)
    assert result is not None
    assert {reviewed.verdict for reviewed in result.questions} == {"unanswered"}


def test_an_open_or_foreign_attempt_has_no_review(database: Database, sari: Actor, library: Library) -> None:
    one, bima = exam(library), new_person(database, 2)
    mine: dict[str, Any] = {"library": one.library, "program": one.program}
    with database.write() as t:
        sheet = one.start(t.db, sari, t.now)
        assert reviewing.result(t.db, actor=sari, **mine, attempt_id=sheet.attempt_id) is None
        attempts.submit(t.db, actor=sari, attempt_id=sheet.attempt_id, now=t.now)
        for attempt_id in (sheet.attempt_id, 999_999, 10**30, -1):
            with pytest.raises(NotYours):
                reviewing.result(t.db, actor=bima, **mine, attempt_id=attempt_id)
        assert reviewing.last_closed(t.db, actor=sari, program=one.program) == sheet.attempt_id
        assert reviewing.last_closed(t.db, actor=bima, program=one.program) is None


def test_what_one_is_wrongly_sure_of_is_read_first(database: Database, sari: Actor, library: Library) -> None:
    one = exam(library, size=4, pass_mark=None)
    with database.write() as t:
        sheet = one.start(t.db, sari, t.now)
        while sheet.question is not None:
            choice = key(t.db, sheet.attempt_id, sheet.question.position, right=False)
            sure = "sure" if sheet.question.position == 3 else "unsure"
            sheet = answer(t.db, sari, sheet, choice, t.now, confidence=sure)
        attempts.submit(t.db, actor=sari, attempt_id=sheet.attempt_id, now=t.now)
        mine: dict[str, Any] = {"actor": sari, "library": one.library, "program": one.program}
        result = reviewing.result(t.db, **mine, attempt_id=sheet.attempt_id)
    assert result is not None
    assert [weak.sure for weak in result.weak] == [True, False, False, False]
    assert result.weak[0].name == result.questions[2].topic
    assert [reviewed.confidence for reviewed in result.questions] == ["unsure", "unsure", "sure", "unsure"]
