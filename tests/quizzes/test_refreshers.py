"""Refreshers: five items of a stage, first what was missed, then what is new; and how long a pass counts."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select

from people.roles import Actor
from quizzes import allowances, attempts, history, journey, rounds, sheets, store
from quizzes.admission import Done, NoTriesLeft, admission
from quizzes.content import Library
from quizzes.drawing import Quiz, Stage, draw
from storage.engine import Database
from storage.tables import attempt_item
from tests.quizzes.exam import MINUTE, QUIZ, Exam, answer, exam, finish, key

STAGE = Stage(phases=("MT",), count=5)
DAY = timedelta(days=1)


def refresher(library: Library, *, valid_days: int | None = None, **rules: Any) -> Exam:
    """A programme of one stage quiz."""
    made = exam(library, quotas=(), stage=STAGE, pass_mark=80, tries=2, cooldown_hours=0, **rules)
    steps = [
        step.model_copy(update={"valid_days": valid_days if step.kind == "quiz" else None})
        for step in made.program.head.steps
    ]
    head = made.program.head.model_copy(update={"steps": tuple(steps)})
    program = made.program.model_copy(update={"head": head})
    catalog = made.library.catalog.model_copy(update={"programs": (program,)})
    return Exam(replace(made.library, catalog=catalog), program)


def drawn_items(db: Connection, attempt_id: int) -> list[str]:
    return [item.id for row in store.paper(db, attempt_id) for item in [sheets.item_of(row.content)]]


def taken(made: Exam, db: Connection, actor: Actor, now: datetime, *, right: bool) -> attempts.Outcome:
    return finish(db, actor, made.start(db, actor, now, random=Random(1)), now, right=right)


@given(seed=st.integers(), data=st.data())
def test_a_stage_draws_the_missed_then_the_unseen_then_the_least_seen(
    library: Library, seed: int, data: st.DataObject
) -> None:
    pool = [item.id for item in library.bank.items if item.scored and item.phase == "MT"]
    missed = frozenset(data.draw(st.lists(st.sampled_from(pool), max_size=8, unique=True)))
    seen = data.draw(st.dictionaries(st.sampled_from(pool), st.integers(1, 4)))
    quiz = Quiz(id="segar", title="Segar", intro="", stage=STAGE)
    drawn = {item.id for item in draw(quiz, library.bank, seen, Random(seed), missed=missed)}
    rank = {name: (name not in missed, seen.get(name, 0)) for name in pool}
    assert len(drawn) == quiz.size == 5
    assert drawn <= set(pool)
    assert max(rank[name] for name in drawn) <= min(rank[name] for name in pool if name not in drawn)


def test_what_was_missed_elsewhere_is_not_drawn_for_this_stage(library: Library) -> None:
    other = next(item.id for item in library.bank.items if item.phase == "BC")
    quiz = Quiz(id="segar", title="Segar", intro="", stage=STAGE)
    assert other not in [item.id for item in draw(quiz, library.bank, {}, Random(1), missed={other})]


def test_a_quiz_has_quotas_or_a_stage_and_not_both() -> None:
    rules = {"id": "segar", "title": "Segar", "intro": "", "stage": STAGE}
    for wrong in ({**rules, "quotas": [{"topic": "berakhlak", "count": 1}]}, {**rules, "stage": None}):
        with pytest.raises(ValueError, match="quotas"):
            Quiz.model_validate(wrong)


def missed(db: Connection, actor: Actor, quiz_id: str = "lain") -> frozenset[str]:
    return history.missed_items(db, person_id=actor.person_id, quiz_id=quiz_id)


def named(made: Exam, quiz_id: str) -> Exam:
    """The same programme as another quiz would be: its attempts carry another name."""
    step = made.program.head.steps[0].model_copy(update={"ref": quiz_id})
    head = made.program.head.model_copy(update={"steps": (step, *made.program.head.steps[1:])})
    program = made.program.model_copy(update={"head": head})
    quiz = made.library.quiz("netralitas", QUIZ).model_copy(update={"id": quiz_id})
    catalog = made.library.catalog.model_copy(update={"programs": (program,)})
    return Exam(replace(made.library, catalog=catalog, quizzes={"netralitas": {quiz_id: quiz}}), program)


def test_missed_items_come_again_in_another_quiz_until_they_are_right(
    database: Database, cast: Any, library: Library
) -> None:
    made = refresher(library)
    with database.write() as t:
        assert missed(t.db, cast.sari) == frozenset()
        first = taken(made, t.db, cast.sari, t.now, right=False)
        found = missed(t.db, cast.sari)
        assert found == frozenset(drawn_items(t.db, first.attempt_id))
        assert missed(t.db, cast.bima) == frozenset()
        second = taken(named(made, "lain"), t.db, cast.sari, t.now + DAY, right=True)
        assert frozenset(drawn_items(t.db, second.attempt_id)) == found
        assert missed(t.db, cast.sari) == frozenset()


def test_what_a_failed_try_withheld_does_not_come_back_in_the_next_one(
    database: Database, cast: Any, library: Library
) -> None:
    made = refresher(library, valid_days=30)
    with database.write() as t:
        db = t.db
        first = set(drawn_items(db, taken(made, db, cast.sari, t.now, right=False).attempt_id))
        second = set(drawn_items(db, taken(made, db, cast.sari, t.now, right=True).attempt_id))
        assert not first & second
        # The pass ends these tries, and its review told the key: a new round begins with what was missed before it.
        third = drawn_items(db, taken(made, db, cast.sari, t.now + 31 * DAY, right=True).attempt_id)
        assert set(third) == first


def test_the_shipped_refreshers_leave_no_room_for_guessing(library: Library) -> None:
    for quiz in library.quizzes["penyegaran"].values():
        pool = [item for item in library.bank.items if quiz.stage and item.scored and item.phase in quiz.stage.phases]
        # Every try of a round can have items of its own.
        assert quiz.tries * quiz.items <= len(pool), quiz.id
        assert (quiz.tries, quiz.cooldown_hours) == (3, 4)


def test_what_was_partly_right_is_missed(database: Database, cast: Any, library: Library) -> None:
    made = exam(library, size=20)
    with database.write() as t:
        sheet = made.start(t.db, cast.sari, t.now, random=Random(1))
        half: set[str] = set()
        while sheet.question is not None:
            row = next(row for row in store.paper(t.db, sheet.attempt_id) if row.position == sheet.question.position)
            item, choice = sheets.item_of(row.content), key(t.db, sheet.attempt_id, sheet.question.position)
            if item.type == "multiple":
                half, choice = half | {item.id}, choice[:1]
            sheet = answer(t.db, cast.sari, sheet, choice, t.now)
        attempts.submit(t.db, actor=cast.sari, attempt_id=sheet.attempt_id, now=t.now)
        assert half
        assert missed(t.db, cast.sari) == half


def test_the_attempt_that_was_closed_last_tells_what_is_missed(database: Database, cast: Any, library: Library) -> None:
    made = refresher(library)
    with database.write() as t:
        # Begun first and handed in last: its wrong answers are the newer ones.
        early = made.start(t.db, cast.sari, t.now, random=Random(1))
        other = named(made, "lain")
        late = other.start(t.db, cast.sari, t.now, random=Random(1))
        store_same(t.db, early.attempt_id, late.attempt_id)
        for position in range(1, 6):
            wrong = key(t.db, early.attempt_id, position, right=False)
            attempts.answer(
                t.db,
                actor=cast.sari,
                attempt_id=early.attempt_id,
                position=position,
                choice=wrong,
                seen_sequence=0,
                token=f"e{position}",
                now=t.now,
            )
            right = key(t.db, late.attempt_id, position)
            attempts.answer(
                t.db,
                actor=cast.sari,
                attempt_id=late.attempt_id,
                position=position,
                choice=right,
                seen_sequence=0,
                token=f"l{position}",
                now=t.now,
            )
        attempts.submit(t.db, actor=cast.sari, attempt_id=late.attempt_id, now=t.now)
        attempts.submit(t.db, actor=cast.sari, attempt_id=early.attempt_id, now=t.now + DAY)
        assert missed(t.db, cast.sari, "tak-ada") == frozenset(drawn_items(t.db, early.attempt_id))


def store_same(db: Connection, attempt_id: int, like: int) -> None:
    """Let one attempt ask what another asks."""
    db.execute(delete(attempt_item).where(attempt_item.c.attempt_id == attempt_id))
    rows = db.execute(select(attempt_item).where(attempt_item.c.attempt_id == like)).mappings().all()
    db.execute(insert(attempt_item), [{**row, "attempt_id": attempt_id} for row in rows])


def test_an_open_attempt_tells_nothing_yet(database: Database, cast: Any, library: Library) -> None:
    made = refresher(library)
    with database.write() as t:
        made.start(t.db, cast.sari, t.now)
        assert missed(t.db, cast.sari) == frozenset()


def test_a_pass_counts_for_its_days_and_then_opens_a_new_round(database: Database, cast: Any, library: Library) -> None:
    made = refresher(library, valid_days=30)
    mine: dict[str, Any] = {"library": made.library, "program": made.program}
    with database.write() as t:
        db, now, who = t.db, t.now, cast.sari.person_id
        taken(made, db, cast.sari, now, right=True)
        for later, lapsed in ((now + 29 * DAY, False), (now + 30 * DAY, True)):
            state = journey.states(db, person_id=who, now=later, **mine)[0]
            assert (state.state, state.lapsed, state.valid_until) == ("done", lapsed, now + 30 * DAY)
            # The stage is over, so that what comes after it stays open.
            assert journey.states(db, person_id=who, now=later, **mine)[1].state == "open"
        entry = admission(db, actor=cast.sari, step_id=QUIZ, now=now + 29 * DAY, **mine)
        with pytest.raises(Done):
            entry.require()
        later = now + 31 * DAY
        entry = admission(db, actor=cast.sari, step_id=QUIZ, now=later, **mine)
        assert (entry.used, entry.tries, entry.behind) == (0, 2, 1)
        taken(made, db, cast.sari, later, right=True)
        state = journey.states(db, person_id=who, now=later, **mine)[0]
        assert (state.lapsed, state.valid_until) == (False, later + 30 * DAY)
        # The result of the second round is counted in it also once it is passed.
        entry = admission(db, actor=cast.sari, step_id=QUIZ, now=later, **mine)
        assert (entry.used, entry.tries, entry.behind) == (1, 2, 1)
        with pytest.raises(Done):
            entry.require()


def test_a_new_round_has_its_own_tries(database: Database, cast: Any, library: Library) -> None:
    made = refresher(library, valid_days=30)
    with database.write() as t:
        db, later = t.db, t.now + 40 * DAY
        taken(made, db, cast.sari, t.now, right=True)
        for _ in range(2):
            taken(made, db, cast.sari, later, right=False)
        with pytest.raises(NoTriesLeft):
            made.start(db, cast.sari, later)


def allowed_at(made: Exam, cast: Any) -> dict[str, Any]:
    """Name Sari and the quiz as an allowance does."""
    quiz = made.library.quiz(made.program.id, QUIZ)
    return {"person_id": cast.sari.person_id, "program_id": made.program.id, "quiz": quiz}


def test_what_was_allowed_before_the_pass_does_not_count_again_after_it_lapsed(
    database: Database, cast: Any, library: Library
) -> None:
    made = refresher(library, valid_days=30, time_limit_minutes=10)
    mine: dict[str, Any] = {"library": made.library, "program": made.program, "step_id": QUIZ}
    with database.write() as t:
        db, now, later = t.db, t.now, t.now + 40 * DAY
        for _ in range(2):
            taken(made, db, cast.sari, now, right=False)
        given = {**allowed_at(made, cast), "actor": cast.hadi, "reason": "Listrik padam di kantor"}
        allowances.give(db, **given, kind="try", amount=3, now=now + MINUTE)
        taken(made, db, cast.sari, now + 2 * MINUTE, right=True)
        entry = admission(db, actor=cast.sari, now=later, **mine)
        assert (entry.used, entry.tries, entry.minutes) == (0, 2, 10)
        # Given since the pass, it counts.
        allowances.give(db, **given, kind="try", amount=1, now=later)
        allowances.give(db, **given, kind="time", amount=5, now=later)
        entry = admission(db, actor=cast.sari, now=later + MINUTE, **mine)
        assert (entry.used, entry.tries, entry.minutes) == (0, 3, 15)


def test_what_was_allowed_before_a_renewal_does_not_count_in_it(
    database: Database, cast: Any, library: Library
) -> None:
    made = refresher(library)
    key: dict[str, Any] = {"person_id": cast.sari.person_id, "program_id": made.program.id, "quiz_id": QUIZ}
    mine: dict[str, Any] = {"library": made.library, "program": made.program, "step_id": QUIZ}
    with database.write() as t:
        db, now = t.db, t.now
        given = {**allowed_at(made, cast), "actor": cast.hadi, "reason": "Listrik padam di kantor", "kind": "try"}
        allowances.give(db, **given, amount=3, now=now)
        taken(made, db, cast.sari, now + MINUTE, right=True)
        rounds.begin(db, **key, opened_by=cast.sari.person_id, now=now + DAY)
        assert admission(db, actor=cast.sari, now=now + DAY, **mine).tries == 2
        allowances.give(db, **given, amount=1, now=now + 2 * DAY)
        assert admission(db, actor=cast.sari, now=now + 2 * DAY, **mine).tries == 3


def test_without_days_a_pass_counts_for_ever(database: Database, cast: Any, library: Library) -> None:
    made = refresher(library)
    with database.write() as t:
        taken(made, t.db, cast.sari, t.now, right=True)
        with pytest.raises(Done):
            made.start(t.db, cast.sari, t.now + 4000 * DAY)


def test_the_shipped_refreshers_ask_five_items_of_each_stage(library: Library) -> None:
    found = {name: quiz.stage for name, quiz in library.quizzes["penyegaran"].items()}
    assert {name: (stage.phases, stage.count) for name, stage in found.items() if stage} == {
        "kuis-pencalonan": (("BC",), 5),
        "kuis-kampanye": (("C",), 5),
        "kuis-masa-tenang": (("MT",), 5),
        "kuis-pemungutan": (("H", "P"), 5),
    }
