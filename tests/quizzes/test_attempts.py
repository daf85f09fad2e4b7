"""Attempts: begun once, answered by appending, closed by hand or by time, marked again with the same score."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from modules import progress
from modules.catalog import Program
from people.roles import Actor
from quizzes import attempts, store
from quizzes.admission import GRACE, Done, NoTriesLeft
from quizzes.attempts import Closed, NotYours, Stale
from quizzes.bank import Item
from quizzes.content import Library
from quizzes.journey import Locked
from quizzes.sheets import Choice, InvalidChoice, Sheet
from storage.engine import Database
from storage.tables import attempt, attempt_item, audit, content_version, response
from tests.choices import some
from tests.figures import count, figure
from tests.quizzes.exam import HOUR, MINUTE, QUIZ, Exam, answer, exam, finish, key, new_person, question_at, responses

FOREIGN = count(100, 1000)


@pytest.fixture
def sari(database: Database) -> Actor:
    return new_person(database, 1)


@pytest.fixture
def bima(database: Database) -> Actor:
    return new_person(database, 2)


def first(sheet: Sheet, number: int = 0) -> Choice:
    """Return an answer to the question shown."""
    assert sheet.question is not None
    return some(sheet.question, number)


def test_start_twice_gives_the_same_attempt_items_and_order(
    database: Database, sari: Actor, library: Library, program: Program
) -> None:
    with database.write() as t:
        one = exam(library).start(t.db, sari, t.now)
        two = exam(library).start(t.db, sari, t.now + HOUR)
    assert one == two
    assert one.size == 4
    assert one.question is not None
    assert one.question.position == 1


def test_start_notes_the_place(database: Database, sari: Actor, library: Library) -> None:
    one = exam(library)
    with database.write() as t:
        one.start(t.db, sari, t.now)
        place = progress.place(t.db, person_id=sari.person_id, program=one.program)
    assert place is not None
    assert place.step_id == QUIZ


def test_a_locked_quiz_cannot_be_begun(database: Database, sari: Actor, library: Library, program: Program) -> None:
    with database.write() as t, pytest.raises(Locked):
        Exam(library, program).start(t.db, sari, t.now)


def test_option_ids_are_random_for_each_attempt(database: Database, sari: Actor, bima: Actor, library: Library) -> None:
    orders = []
    for actor in (sari, bima):
        with database.write() as t:
            sheet = exam(library).start(t.db, actor, t.now)
            rows = t.db.execute(select(attempt_item.c.option_order).filter_by(attempt_id=sheet.attempt_id))
            orders.append(set(rows.scalars()))
    assert orders[0].isdisjoint(orders[1])


def test_answers_are_appended_and_shown_again(database: Database, sari: Actor, library: Library) -> None:
    with database.write() as t:
        sheet = exam(library).start(t.db, sari, t.now)
        choice = first(sheet)
        after = answer(t.db, sari, sheet, choice, t.now)
        assert after.question is not None
        assert (after.question.position, after.answered, after.saved_at) == (2, 1, t.now)
        stored = question_at(t.db, sari, 1, t.now)
        assert (stored.chosen, stored.sequence, stored.saved_at) == (tuple(choice), 1, t.now)
        back = replace(after, question=stored)
        changed = answer(t.db, sari, back, first(back, 1), t.now + MINUTE, then=1)
        assert changed.question is not None
        assert (changed.question.chosen, changed.question.sequence) == (tuple(first(back, 1)), 2)
        assert (changed.answered, responses(t.db, sheet.attempt_id)) == (1, 2)


def test_past_the_last_question_the_unanswered_ones_are_named(
    database: Database, sari: Actor, library: Library
) -> None:
    with database.write() as t:
        sheet = exam(library).start(t.db, sari, t.now)
        after = answer(t.db, sari, sheet, first(sheet), t.now, then=5)
    assert after.question is None
    assert after.unanswered == (2, 3, 4)


@pytest.mark.parametrize(("answered", "place"), [((), 1), ((1, 2), 3), ((3,), 4), ((1, 4), 2), ((1, 2, 3, 4), 5)])
def test_resume_goes_on_after_the_newest_answer(
    database: Database, sari: Actor, library: Library, answered: tuple[int, ...], place: int
) -> None:
    one = exam(library)
    with database.write() as t:
        sheet = one.start(t.db, sari, t.now)
        for position in answered:
            here = replace(sheet, question=question_at(t.db, sari, position, t.now))
            answer(t.db, sari, here, first(here), t.now)
        again = one.start(t.db, sari, t.now)
    assert (again.question.position if again.question else again.size + 1) == place


def test_the_same_token_or_choice_again_changes_nothing(database: Database, sari: Actor, library: Library) -> None:
    with database.write() as t:
        sheet = exam(library).start(t.db, sari, t.now)
        choice = first(sheet)
        for more in ({}, {}, {"token": "another"}, {"seen_sequence": 7}, {"choice": first(sheet, 1)}):
            values: dict[str, Any] = {"choice": choice, "now": t.now, **more}
            answer(t.db, sari, sheet, **values)
        assert responses(t.db, sheet.attempt_id) == 1
        assert question_at(t.db, sari, 1, t.now).chosen == tuple(choice)


def test_a_stale_write_is_refused_with_the_newest(database: Database, sari: Actor, library: Library) -> None:
    with database.write() as t:
        sheet = exam(library).start(t.db, sari, t.now)
        answer(t.db, sari, sheet, first(sheet), t.now)
        with pytest.raises(Stale) as stale:
            answer(t.db, sari, sheet, first(sheet, 1), t.now, token="tab 2")
        assert stale.value.newest.question == question_at(t.db, sari, 1, t.now)
        assert responses(t.db, sheet.attempt_id) == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"choice": []},
        {"choice": ["ffffffff"]},
        {"choice": ["x" * 1_000_000]},
        {"choice": ["1e308"]},
        {"choice": ["NaN", "NaN"]},
        {"position": 0},
        {"position": 5},
        {"position": 10**30},
        {"then": 10**30},
        {"token": ""},
        {"token": "t" * 65},
    ],
)
def test_a_forged_value_is_refused(database: Database, sari: Actor, library: Library, forged: dict[str, Any]) -> None:
    with database.write() as t:
        sheet = exam(library).start(t.db, sari, t.now)
        with pytest.raises(InvalidChoice):
            answer(t.db, sari, sheet, **{"choice": first(sheet), "now": t.now, **forged})
        assert responses(t.db, sheet.attempt_id) == 0


def test_an_option_of_another_question_or_attempt_is_refused(
    database: Database, sari: Actor, bima: Actor, library: Library
) -> None:
    with database.write() as t:
        mine, other = (exam(library).start(t.db, actor, t.now) for actor in (sari, bima))
        neighbour = replace(mine, question=question_at(t.db, sari, 2, t.now))
        for foreign in (first(other), first(neighbour)):
            with pytest.raises(InvalidChoice):
                answer(t.db, sari, mine, foreign, t.now)


@pytest.mark.parametrize("attempt_id", [0, -1, 999_999, 2**31, 10**30])
def test_an_unknown_attempt_gets_the_same_reply_as_a_foreign_one(
    database: Database, sari: Actor, library: Library, attempt_id: int
) -> None:
    with pytest.raises(NotYours), database.write() as t:
        attempts.submit(t.db, actor=sari, attempt_id=attempt_id, now=t.now)
    with database.read() as t:
        assert t.db.execute(select(audit.c.action)).scalars().all() == ["attempt.refused"]


@pytest.mark.figure
def test_foreign_attempts_are_refused_and_audited_on_every_write(
    database: Database, sari: Actor, bima: Actor, library: Library
) -> None:
    with database.write() as t:
        foreign = exam(library).start(t.db, bima, t.now)
    choice = first(foreign)
    accepted = 0
    for number in range(FOREIGN):
        try:
            with database.write() as t:
                if number % 2:
                    attempts.submit(t.db, actor=sari, attempt_id=foreign.attempt_id, now=t.now)
                else:
                    answer(t.db, sari, foreign, choice, t.now, token=f"t{number}")
            accepted += 1
        except NotYours:
            pass
    with database.read() as t:
        rows = t.db.execute(select(audit).where(audit.c.action == "attempt.refused")).all()
        assert responses(t.db, foreign.attempt_id) == 0
        assert t.db.execute(select(attempt.c.state)).scalar() == "open"
    figure(f"T24 {database.engine.dialect.name}", accepted, FOREIGN, f"foreign writes accepted, {len(rows)} audited")
    assert (accepted, len(rows)) == (0, FOREIGN)
    assert {(row.actor, row.object) for row in rows} == {(sari.reference, f"attempt:{foreign.attempt_id}")}


def test_control_without_the_person_in_the_statement_foreign_writes_pass(
    database: Database, sari: Actor, bima: Actor, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as t:
        foreign = exam(library).start(t.db, bima, t.now)
    unguarded = store.view
    monkeypatch.setattr(
        store,
        "view",
        lambda db, attempt_id, _person_id, *rest: unguarded(db, attempt_id, bima.person_id, *rest),
    )
    with database.write() as t:
        answer(t.db, sari, foreign, first(foreign), t.now)
        assert responses(t.db, foreign.attempt_id) == 1


DEADLINE = 30 * MINUTE
MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("late", "accepted"),
    [
        (-timedelta(seconds=1), True),
        (timedelta(0), True),
        (GRACE, True),
        (GRACE + MILLISECOND, False),
        (HOUR, False),
    ],
)
def test_an_answer_counts_until_deadline_and_grace_by_the_databases_clock(
    database: Database, sari: Actor, library: Library, late: timedelta, accepted: bool
) -> None:
    with database.write() as t:
        sheet = exam(library, time_limit_minutes=30).start(t.db, sari, t.now)
        start = t.now
    assert sheet.deadline_at == start + DEADLINE
    moment = start + DEADLINE + late
    if accepted:
        with database.write() as t:
            answer(t.db, sari, sheet, first(sheet), moment)
    else:
        with pytest.raises(Closed) as closed, database.write() as t:
            answer(t.db, sari, sheet, first(sheet), moment)
        assert closed.value.expired
    with database.read() as t:
        row = t.db.execute(select(attempt.c.state, attempt.c.closed_at)).one()
        assert responses(t.db, sheet.attempt_id) == int(accepted)
    # The attempt is closed although the late answer was refused, and it ended at its deadline.
    assert tuple(row) == (("open", None) if accepted else ("expired", start + DEADLINE))


def test_reloading_moves_neither_deadline_nor_questions(database: Database, sari: Actor, library: Library) -> None:
    one = exam(library, time_limit_minutes=30)
    with database.write() as t:
        sheet = one.start(t.db, sari, t.now)
        again = {one.start(t.db, sari, t.now + number * timedelta(seconds=8)) for number in range(200)}
    assert again == {sheet}


def test_an_overdue_attempt_is_closed_by_the_clock_with_what_was_stored(
    database: Database, sari: Actor, bima: Actor, library: Library
) -> None:
    one = exam(library, time_limit_minutes=30)
    with database.write() as t:
        sheet = one.start(t.db, sari, t.now)
        answer(t.db, sari, sheet, key(t.db, sheet.attempt_id, 1), t.now)
        exam(library).start(t.db, bima, t.now)
        end = t.now + DEADLINE + GRACE
        assert attempts.expire_due(t.db, now=end) == 0
        assert attempts.expire_due(t.db, now=end + MILLISECOND) == 1
        assert attempts.expire_due(t.db, now=end + HOUR) == 0
        row = t.db.execute(select(attempt).filter_by(person_id=sari.person_id)).one()
    assert (row.state, row.score, row.passed) == ("expired", 25, False)


def test_looking_at_an_overdue_attempt_says_so(database: Database, sari: Actor, library: Library) -> None:
    one = exam(library, time_limit_minutes=30)
    with database.write() as t:
        one.start(t.db, sari, t.now)
        late = t.now + HOUR
        with pytest.raises(Closed):
            question_at(t.db, sari, 1, late)
    with pytest.raises(Closed), database.write() as t:
        one.start(t.db, sari, late)
    with database.read() as t:
        assert t.db.execute(select(attempt.c.state)).scalar() == "expired"


def test_submitting_marks_once_and_audits_once(database: Database, sari: Actor, library: Library) -> None:
    one = exam(library, pass_mark=70)
    with database.write() as t:
        outcome = finish(t.db, sari, one.start(t.db, sari, t.now), t.now, right=True)
        again = attempts.submit(t.db, actor=sari, attempt_id=outcome.attempt_id, now=t.now + HOUR)
        actions = t.db.execute(select(audit.c.action)).scalars().all()
    assert (outcome.state, outcome.score, outcome.passed) == ("submitted", 100, True)
    assert again == outcome
    assert actions == ["attempt.submitted"]


def test_a_closed_attempt_takes_no_answer(database: Database, sari: Actor, library: Library) -> None:
    with database.write() as t:
        sheet = exam(library).start(t.db, sari, t.now)
        attempts.submit(t.db, actor=sari, attempt_id=sheet.attempt_id, now=t.now)
        with pytest.raises(Closed) as closed:
            answer(t.db, sari, sheet, first(sheet), t.now)
    assert closed.value.expired is False


def test_a_passed_quiz_is_done(database: Database, sari: Actor, library: Library) -> None:
    one = exam(library, pass_mark=70)
    with database.write() as t:
        outcome = finish(t.db, sari, one.start(t.db, sari, t.now), t.now, right=True)
        with pytest.raises(Done) as done:
            one.start(t.db, sari, t.now + 100 * HOUR)
    assert done.value.attempt_id == outcome.attempt_id


def test_tries_and_cool_down_limit_new_attempts(database: Database, sari: Actor, library: Library) -> None:
    one = exam(library, pass_mark=70, tries=2, cooldown_hours=24)
    with database.write() as t:
        finish(t.db, sari, one.start(t.db, sari, t.now), t.now, right=False)
        with pytest.raises(NoTriesLeft) as wait:
            one.start(t.db, sari, t.now + 23 * HOUR)
        assert wait.value.next_at == t.now + 24 * HOUR
        second = one.start(t.db, sari, t.now + 24 * HOUR)
        assert second.number == 2
        finish(t.db, sari, second, t.now + 24 * HOUR, right=False)
        with pytest.raises(NoTriesLeft) as over:
            one.start(t.db, sari, t.now + 1000 * HOUR)
        assert over.value.next_at is None


def test_the_next_attempt_asks_other_questions(database: Database, sari: Actor, library: Library) -> None:
    one = exam(library, size=10, pass_mark=70, tries=3, cooldown_hours=0)
    with database.write() as t:
        for _ in range(3):
            finish(t.db, sari, one.start(t.db, sari, t.now), t.now, right=False)
        asked = t.db.execute(select(attempt_item.c.item_id)).scalars().all()
    assert len(set(asked)) == 30


def test_a_running_attempt_keeps_its_wording_when_content_changes(
    database: Database, sari: Actor, bima: Actor, library: Library
) -> None:
    one = exam(library)
    items = tuple(
        Item.model_validate({**item.model_dump(exclude_defaults=True), "stem": f"Kata baru. {item.stem[:800]}"})
        for item in library.bank.items
    )
    new = replace(one.library, bank=library.bank.model_copy(update={"items": items}))
    with database.write() as t:
        before = one.start(t.db, sari, t.now)
        assert Exam(new, one.program).start(t.db, sari, t.now) == before
        fresh = Exam(new, one.program).start(t.db, bima, t.now)
        outcome = finish(t.db, sari, before, t.now, right=True)
    assert fresh.question is not None
    assert fresh.question.stem.startswith("Kata baru.")
    assert outcome.score == 100


def test_marking_again_gives_the_stored_score(database: Database, sari: Actor, library: Library) -> None:
    random = Random(7)
    one = exam(library, size=10, tries=20, cooldown_hours=0, pass_mark=100)
    with database.write() as t:
        for _ in range(15):
            sheet = one.start(t.db, sari, t.now)
            while sheet.question is not None:
                sheet = answer(t.db, sari, sheet, first(sheet, random.randrange(2)), t.now)
            attempts.submit(t.db, actor=sari, attempt_id=sheet.attempt_id, now=t.now)
        rows = t.db.execute(select(attempt.c.id, attempt.c.score)).all()
        again = {row.id: attempts.regrade(t.db, attempt_id=row.id) for row in rows}
    assert again == {row.id: row.score for row in rows}
    assert len({row.score for row in rows}) > 3


def test_control_a_changed_response_changes_the_score(database: Database, sari: Actor, library: Library) -> None:
    with database.write() as t:
        outcome = finish(t.db, sari, exam(library).start(t.db, sari, t.now), t.now, right=True)
        wrong = key(t.db, outcome.attempt_id, 2, right=False)
        t.db.execute(update(response).where(response.c.position == 2).values(choice=" ".join(wrong)))
        assert attempts.regrade(t.db, attempt_id=outcome.attempt_id) < outcome.score


def test_versions_are_stored_once_for_everybody(database: Database, library: Library) -> None:
    one = exam(library, size=20)
    for number in range(20):
        actor = new_person(database, number)
        with database.write() as t:
            one.start(t.db, actor, t.now)
    with database.read() as t:
        versions = t.db.execute(select(content_version.c.version)).scalars().all()
        pinned = t.db.execute(select(attempt_item.c.version)).scalars().all()
    assert len(pinned) == 400
    assert len(versions) == len(set(pinned)) < 400


def test_how_sure_one_is_is_stored_with_the_answer_and_never_scored(
    database: Database, sari: Actor, bima: Actor, library: Library
) -> None:
    one = exam(library)
    with database.write() as t:
        scores = []
        for actor, sure in ((sari, "sure"), (bima, None)):
            sheet = one.start(t.db, actor, t.now, random=Random(1))
            while sheet.question is not None:
                right = sheet.question.position % 2 == 1
                choice = key(t.db, sheet.attempt_id, sheet.question.position, right=right)
                sheet = answer(t.db, actor, sheet, choice, t.now, confidence=sure)
            scores.append(attempts.submit(t.db, actor=actor, attempt_id=sheet.attempt_id, now=t.now).score)
            assert {row.confidence for row in store.paper(t.db, sheet.attempt_id)} == {sure}
        assert scores[0] == scores[1]


def test_being_surer_of_the_same_answer_is_appended(database: Database, sari: Actor, library: Library) -> None:
    with database.write() as t:
        sheet = exam(library).start(t.db, sari, t.now)
        choice = first(sheet)
        answer(t.db, sari, sheet, choice, t.now, confidence="unsure")
        sheet = replace(sheet, question=question_at(t.db, sari, 1, t.now))
        after = answer(t.db, sari, sheet, choice, t.now, confidence="sure", then=1)
        assert after.question is not None
        assert (after.question.confidence, after.question.sequence) == ("sure", 2)
        assert after.question == question_at(t.db, sari, 1, t.now)
        assert answer(t.db, sari, after, choice, t.now, confidence="sure", then=1, token="x") == after
        with pytest.raises(InvalidChoice):
            answer(t.db, sari, after, choice, t.now, confidence="certain", token="y")
