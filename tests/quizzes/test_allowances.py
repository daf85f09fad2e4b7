"""Allowances: who may give them to whom, what they change, and that each stands in the audit log."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from people.roles import Refused
from quizzes import allowances, attempts
from quizzes.allowances import Unfit
from quizzes.attempts import Closed
from quizzes.content import Library
from storage.engine import Database, Transaction
from storage.tables import allowance, attempt, audit
from tests.quizzes.exam import HOUR, MARKED, MINUTE, answer, exam, finish, key

REASON = "Jaringan kantor terputus selama kuis."


def give(t: Transaction, actor: Any, person: Any, kind: Any, amount: int = 1, **more: Any) -> int:
    values = {"program_id": "netralitas", "quiz": MARKED, "reason": REASON, "now": t.now, **more}
    return allowances.give(t.db, actor=actor, person_id=person.person_id, kind=kind, amount=amount, **values)


@pytest.mark.parametrize(
    ("giver", "receiver", "allowed"),
    [
        ("ratna", "sari", True),
        ("ratna", "bima", True),
        ("hadi", "sari", True),
        ("hadi", "bima", False),
        ("admin", "bima", True),
        ("sari", "bima", False),
        ("sari", "sari", False),
        ("ratna", "ratna", False),
        ("hadi", "hadi", False),
    ],
)
def test_trainers_give_to_all_hr_to_own_units_and_nobody_to_themselves(
    database: Database, cast: Any, giver: str, receiver: str, allowed: bool
) -> None:
    actor, person = getattr(cast, giver), getattr(cast, receiver)
    with database.write() as t:
        if allowed:
            give(t, actor, person, "try")
        else:
            with pytest.raises(Refused):
                give(t, actor, person, "try")
        assert len(t.db.execute(select(allowance.c.id)).all()) == int(allowed)


def test_an_allowance_keeps_its_reason_and_stands_in_the_audit_log(database: Database, cast: Any) -> None:
    with database.write() as t:
        given = give(t, cast.hadi, cast.sari, "try", 2)
        row = t.db.execute(select(allowance)).one()
        logged = t.db.execute(select(audit)).one()
        listed = allowances.given(t.db, actor=cast.hadi)
    assert (row.id, row.reason, row.granted_by, row.amount) == (given, REASON, cast.hadi.person_id, 2)
    assert (logged.actor, logged.action, logged.object) == (
        cast.hadi.reference,
        "allowance.given",
        cast.sari.reference,
    )
    assert REASON not in logged.detail
    assert [(one.name, one.giver_name) for one in listed] == [(cast.sari.name, cast.hadi.name)]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"kind": "nilai"}, "kind"),
        ({"amount": 0}, "amount"),
        ({"amount": 6}, "amount"),
        ({"kind": "time", "amount": 241}, "amount"),
        ({"reason": "singkat"}, "reason"),
        ({"reason": " " * 50}, "reason"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_unfit_allowances_are_refused(database: Database, cast: Any, wrong: dict[str, Any], problem: str) -> None:
    with database.write() as t, pytest.raises(Unfit) as unfit:
        give(t, cast.ratna, cast.sari, **{"kind": "try", **wrong})
    assert unfit.value.problem == problem


@pytest.mark.parametrize("kind", ["try", "reopen"])
def test_a_quiz_without_a_pass_mark_is_taken_once(database: Database, cast: Any, kind: str) -> None:
    with database.write() as t:
        with pytest.raises(Unfit, match="once"):
            give(t, cast.ratna, cast.sari, kind, quiz=MARKED.model_copy(update={"pass_mark": None}))
        assert t.db.execute(select(allowance.c.id)).all() == []
        give(t, cast.ratna, cast.sari, "try", quiz=MARKED)


def test_a_double_click_gives_once(database: Database, cast: Any, library: Library) -> None:
    one = exam(library, time_limit_minutes=30)
    with database.write() as t:
        sheet = one.start(t.db, cast.sari, t.now)

    def click(_number: int) -> int:
        with database.write() as t:
            return give(t, cast.ratna, cast.sari, "time", 15)

    with ThreadPoolExecutor(5) as pool:
        given = set(pool.map(click, range(5)))
    with database.write() as t:
        assert sheet.deadline_at is not None
        assert one.start(t.db, cast.sari, t.now).deadline_at == sheet.deadline_at + 15 * MINUTE
        assert len(t.db.execute(select(allowance.c.id)).all()) == len(given) == 1
        assert give(t, cast.ratna, cast.sari, "time", 15, now=t.now + 2 * MINUTE) not in given


def test_more_time_moves_the_deadline_of_the_open_attempt(database: Database, cast: Any, library: Library) -> None:
    one = exam(library, time_limit_minutes=30)
    with database.write() as t:
        sheet = one.start(t.db, cast.sari, t.now)
        give(t, cast.ratna, cast.sari, "time", 15)
        again = one.start(t.db, cast.sari, t.now)
        assert sheet.deadline_at is not None
        assert again.deadline_at == sheet.deadline_at + 15 * MINUTE
        answer(t.db, cast.sari, sheet, key(t.db, sheet.attempt_id, 1), sheet.deadline_at + 10 * MINUTE)


def test_more_time_given_before_counts_for_the_next_attempt_alone(
    database: Database, cast: Any, library: Library
) -> None:
    one = exam(library, time_limit_minutes=30, tries=2, cooldown_hours=0, pass_mark=70)
    with database.write() as t:
        give(t, cast.ratna, cast.sari, "time", 15)
        sheet = one.start(t.db, cast.sari, t.now)
        assert sheet.deadline_at == t.now + 45 * MINUTE
        finish(t.db, cast.sari, sheet, t.now + MINUTE, right=False)
        later = t.now + HOUR
        assert one.start(t.db, cast.sari, later).deadline_at == later + 30 * MINUTE


def test_more_time_without_a_deadline_says_so(database: Database, cast: Any, library: Library) -> None:
    with database.write() as t:
        exam(library).start(t.db, cast.sari, t.now)
        with pytest.raises(Unfit, match="no_deadline"):
            give(t, cast.ratna, cast.sari, "time", 15)


def test_another_try_opens_the_quiz_at_once(database: Database, cast: Any, library: Library) -> None:
    one = exam(library, tries=1, cooldown_hours=24, pass_mark=70)
    with database.write() as t:
        finish(t.db, cast.sari, one.start(t.db, cast.sari, t.now), t.now, right=False)
        give(t, cast.ratna, cast.sari, "try", now=t.now + MINUTE)
        assert one.start(t.db, cast.sari, t.now + 2 * MINUTE).number == 2


def test_a_reopened_attempt_keeps_its_answers_and_takes_more(database: Database, cast: Any, library: Library) -> None:
    one = exam(library, time_limit_minutes=30, pass_mark=50, tries=1)
    with database.write() as t:
        sheet = one.start(t.db, cast.sari, t.now)
        after = answer(t.db, cast.sari, sheet, key(t.db, sheet.attempt_id, 1), t.now)
        late = t.now + 2 * HOUR
        attempts.expire_due(t.db, now=late)
        give(t, cast.hadi, cast.sari, "reopen", 20, now=late)
        again = one.start(t.db, cast.sari, late)
        assert (again.attempt_id, again.answered, again.deadline_at) == (sheet.attempt_id, 1, late + 20 * MINUTE)
        answer(t.db, cast.sari, after, key(t.db, sheet.attempt_id, 2), late)
        outcome = attempts.submit(t.db, actor=cast.sari, attempt_id=sheet.attempt_id, now=late)
        logged = t.db.execute(select(audit.c.action, audit.c.detail).order_by(audit.c.id)).all()
    assert (outcome.state, outcome.score, outcome.passed) == ("submitted", 50, True)
    assert [row.action for row in logged] == ["attempt.expired", "allowance.given", "attempt.submitted"]
    assert '"score": 25' in logged[1].detail


@pytest.mark.parametrize(("right", "problem"), [(True, "not_failed"), (None, "still_open")])
def test_only_a_failed_attempt_is_reopened(
    database: Database, cast: Any, library: Library, right: bool | None, problem: str
) -> None:
    one = exam(library, pass_mark=70)
    with database.write() as t:
        with pytest.raises(Unfit, match="not_failed"):
            give(t, cast.ratna, cast.sari, "reopen", 0)
        sheet = one.start(t.db, cast.sari, t.now)
        if right is not None:
            finish(t.db, cast.sari, sheet, t.now, right=right)
        with pytest.raises(Unfit, match=problem):
            give(t, cast.ratna, cast.sari, "reopen", 0)


def test_reopening_a_timed_attempt_needs_minutes(database: Database, cast: Any, library: Library) -> None:
    one = exam(library, time_limit_minutes=30, pass_mark=70)
    with database.write() as t:
        finish(t.db, cast.sari, one.start(t.db, cast.sari, t.now), t.now, right=False)
        with pytest.raises(Unfit, match="amount"):
            give(t, cast.ratna, cast.sari, "reopen", 0)


def test_an_answer_after_the_extended_deadline_is_late_again(database: Database, cast: Any, library: Library) -> None:
    one = exam(library, time_limit_minutes=30)
    with database.write() as t:
        sheet = one.start(t.db, cast.sari, t.now)
        give(t, cast.ratna, cast.sari, "time", 15)
        choice = key(t.db, sheet.attempt_id, 1)
        late = t.now + 46 * MINUTE
    with pytest.raises(Closed), database.write() as t:
        answer(t.db, cast.sari, sheet, choice, late)
    with database.read() as t:
        assert t.db.execute(select(attempt.c.state)).scalar() == "expired"


@pytest.mark.parametrize(
    ("giver", "words", "names"),
    [
        ("ratna", "pratama", ["Bima Pratama"]),
        ("hadi", "pratama", []),
        ("hadi", "wulandari", ["Sari Wulandari, S.Sos."]),
        ("ratna", "198802022012011902", ["Bima Pratama"]),
        ("hadi", "198802022012011902", []),
        ("ratna", "%", []),
        ("ratna", "_", []),
        ("ratna", "  ", []),
    ],
)
def test_people_are_found_within_scope(database: Database, cast: Any, giver: str, words: str, names: list[str]) -> None:
    with database.read() as t:
        found = allowances.find_people(t.db, actor=getattr(cast, giver), words=words)
    assert [row.name for row in found] == names


def test_a_learner_sees_neither_people_nor_allowances(database: Database, cast: Any) -> None:
    with database.read() as t:
        with pytest.raises(Refused):
            allowances.find_people(t.db, actor=cast.sari, words="Bima")
        with pytest.raises(Refused):
            allowances.given(t.db, actor=cast.sari)


def test_hr_sees_the_allowances_of_own_units_and_a_trainer_all(database: Database, cast: Any) -> None:
    with database.write() as t:
        give(t, cast.ratna, cast.sari, "try")
        give(t, cast.ratna, cast.bima, "try")
        assert [row.name for row in allowances.given(t.db, actor=cast.hadi)] == [cast.sari.name]
        assert len(allowances.given(t.db, actor=cast.ratna)) == 2
