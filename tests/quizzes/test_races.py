"""Many at once: one attempt, one answer each, nothing overwritten unseen. Each with a control that must fail."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count as numbers_from
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text, update

from people.roles import Actor
from quizzes import attempts, beginning, store
from quizzes.admission import admission
from quizzes.attempts import Stale
from quizzes.content import Library
from quizzes.sheets import Sheet
from storage.engine import Database
from storage.tables import attempt, attempt_item, audit, response
from tests.choices import some
from tests.figures import count, figure
from tests.quizzes.exam import Exam, answer, exam, key, new_person, question_at, responses

STARTS = 50
CLICKS = count(100, 700)
INTERLEAVINGS = count(300, 1000)


@pytest.fixture
def sari(database: Database) -> Actor:
    return new_person(database, 1)


def kind(database: Database) -> str:
    return database.engine.dialect.name


def at_once(times: int, act: Callable[[int], Any]) -> list[Any]:
    """Run something in that many threads, released together; return results and exceptions."""
    gate = Barrier(times)

    def one(number: int) -> Any:
        gate.wait(30)
        try:
            return act(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def start_at_once(database: Database, one: Exam, actor: Actor, times: int) -> list[Any]:
    def start(_number: int) -> Sheet:
        with database.write() as t:
            return one.start(t.db, actor, t.now)

    return at_once(times, start)


@pytest.mark.figure
def test_parallel_starts_give_one_attempt_and_one_order(database: Database, sari: Actor, library: Library) -> None:
    one = exam(library, size=10, time_limit_minutes=30)
    sheets = start_at_once(database, one, sari, STARTS)
    with database.read() as t:
        stored = t.db.execute(select(attempt.c.deadline_at)).scalars().all()
        items = t.db.execute(select(attempt_item.c.position)).scalars().all()
    figure(f"T26 {kind(database)}", len(set(sheets)), STARTS, "orders of questions from as many parallel starts")
    assert all(isinstance(sheet, Sheet) for sheet in sheets)
    assert len(set(sheets)) == 1
    assert (len(stored), len(items)) == (1, 10)


def test_control_without_the_unique_keys_parallel_starts_give_many(
    database: Database, sari: Actor, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, numbers = exam(library), numbers_from(1)
    with database.write() as t:
        t.db.execute(text("DROP INDEX uq_attempt_open"))
    looked = Barrier(8)

    def add_unguarded(db: Connection, values: dict[str, Any]) -> int:
        row = {**values, "number": next(numbers)}
        return int(db.execute(insert(attempt).values(row).returning(attempt.c.id)).scalar_one())

    def look_then_begin(_number: int) -> None:
        # Looking and beginning in two transactions, as an action spread over two page runs would do.
        with database.read() as t:
            admitted = admission(
                t.db, actor=sari, library=one.library, program=one.program, step_id="kuis-akhir", now=t.now
            )
        looked.wait(30)
        with database.write() as t:
            beginning.begin(t.db, admitted, sari, one.library, one.program, t.now, Random())

    monkeypatch.setattr(store, "add_attempt", add_unguarded)
    at_once(8, look_then_begin)
    with database.read() as t:
        assert len(t.db.execute(select(attempt.c.id)).all()) > 1


def click(database: Database, actor: Actor, sheet: Sheet, choice: Sequence[str]) -> Callable[[int], Sheet]:
    def once(_number: int) -> Sheet:
        with database.write() as t:
            return answer(t.db, actor, sheet, choice, t.now)

    return once


@pytest.mark.figure
def test_double_clicks_and_triple_sends_store_one_response_each(
    database: Database, sari: Actor, library: Library
) -> None:
    one = exam(library, size=10, tries=1000, cooldown_hours=0, pass_mark=100)
    done = 0
    while done < CLICKS:
        with database.write() as t:
            sheet = one.start(t.db, sari, t.now)
        while sheet.question is not None and done < CLICKS:
            sent = at_once(2 + done % 2, click(database, sari, sheet, some(sheet.question)))
            assert all(isinstance(one, Sheet) for one in sent)
            sheet, done = sent[0], done + 1
        with database.write() as t:
            attempts.submit(t.db, actor=sari, attempt_id=sheet.attempt_id, now=t.now)
    with database.read() as t:
        rows = t.db.execute(select(response.c.attempt_id, response.c.position)).all()
    figure(f"T28 {kind(database)}", len(rows), CLICKS, "responses from as many double clicks and triple sends")
    assert len(rows) == CLICKS
    assert set(Counter(tuple(row) for row in rows).values()) == {1}


def test_double_submits_mark_and_audit_once(database: Database, sari: Actor, library: Library) -> None:
    with database.write() as t:
        sheet = exam(library).start(t.db, sari, t.now)

    def hand_in(_number: int) -> Any:
        with database.write() as t:
            return attempts.submit(t.db, actor=sari, attempt_id=sheet.attempt_id, now=t.now)

    assert len(set(at_once(10, hand_in))) == 1
    with database.read() as t:
        assert t.db.execute(select(audit.c.action)).scalars().all() == ["attempt.submitted"]


def test_control_without_token_and_sequence_a_double_click_counts_twice(
    database: Database, sari: Actor, library: Library
) -> None:
    with database.write() as t:
        sheet = exam(library).start(t.db, sari, t.now)
    numbers = numbers_from(1)

    def append_unguarded(_number: int) -> None:
        with database.write() as t:
            n = next(numbers)
            values = {"attempt_id": sheet.attempt_id, "position": 1, "sequence": n, "choice": "x", "token": str(n)}
            t.db.execute(insert(response).values(**values, answered_at=t.now))

    at_once(2, append_unguarded)
    with database.read() as t:
        assert responses(t.db, sheet.attempt_id) == 2


@dataclass
class TabView:
    """One tab: what it last saw of a question, what it was told is stored, and what each of its writes had seen."""

    sheet: Sheet
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)


def play(db: Connection, actor: Actor, sheet: Sheet, random: Random, now: datetime, *, blind: bool) -> list[TabView]:
    """Let two tabs look at and answer one question in a random order; `blind` writes over whatever is there."""
    tabs = [TabView(sheet), TabView(sheet)]
    for step in range(random.randint(2, 8)):
        tab = random.choice(tabs)
        if random.random() < 0.3:
            tab.sheet = replace(sheet, question=question_at(db, actor, 1, now))
            continue
        question, token = tab.sheet.question, f"tab-{tabs.index(tab)}-{step}"
        assert question is not None
        choice = some(question, random.randrange(4))
        newest = question_at(db, actor, 1, now).sequence
        seen = newest if blind else question.sequence
        tab.seen[token] = question.sequence
        try:
            after = answer(db, actor, tab.sheet, choice, now, then=1, token=token, seen_sequence=seen)
        except Stale as stale:
            after = stale.newest
        else:
            assert after.question is not None
            tab.acknowledged.append((after.question.sequence, " ".join(choice)))
        tab.sheet = after
    return tabs


def silent_losses(tabs: list[TabView], stored: dict[int, tuple[str, str]]) -> int:
    """Count responses that replaced one which their tab had not seen, and acknowledged ones that are nowhere."""
    seen = tabs[0].seen | tabs[1].seen
    overwritten = sum(seen[token] != sequence - 1 for sequence, (_choice, token) in stored.items())
    lost = sum(stored[sequence][0] != choice for tab in tabs for sequence, choice in tab.acknowledged)
    return overwritten + lost


def interleave(database: Database, library: Library, times: int, *, blind: bool) -> int:
    """Play that many random interleavings of two tabs; return what went wrong in them."""
    one, wrong = exam(library, size=1), 0
    for number in range(times):
        actor = new_person(database, 1000 + number)
        with database.write() as t:
            sheet = one.start(t.db, actor, t.now)
            tabs = play(t.db, actor, sheet, Random(number), t.now, blind=blind)
            rows = t.db.execute(select(response).where(response.c.attempt_id == sheet.attempt_id)).all()
            stored = {row.sequence: (row.choice, row.token) for row in rows}
            assert sorted(stored) == list(range(1, len(stored) + 1))
            wrong += silent_losses(tabs, stored)
    return wrong


@pytest.mark.figure
def test_two_tabs_never_lose_or_overwrite_silently(database: Database, library: Library) -> None:
    wrong = interleave(database, library, INTERLEAVINGS, blind=False)
    figure(f"T27 {kind(database)}", wrong, INTERLEAVINGS, "interleavings of two tabs with a silent loss")
    assert wrong == 0


def test_control_last_write_wins_overwrites_silently(database: Database, library: Library) -> None:
    assert interleave(database, library, 30, blind=True) > 0


def test_answer_and_submit_at_once_leave_a_score_that_marks_the_stored_answers(
    database: Database, library: Library
) -> None:
    one = exam(library, size=2)
    for number in range(20):
        actor = new_person(database, 5000 + number)
        with database.write() as t:
            sheet = one.start(t.db, actor, t.now)
            right = key(t.db, sheet.attempt_id, 1)

        def act(which: int, sheet: Sheet = sheet, actor: Actor = actor, right: tuple[str, ...] = right) -> None:
            with database.write() as t:
                if which:
                    attempts.submit(t.db, actor=actor, attempt_id=sheet.attempt_id, now=t.now)
                else:
                    answer(t.db, actor, sheet, right, t.now)

        at_once(2, act)
        with database.read() as t:
            score = t.db.execute(select(attempt.c.score).where(attempt.c.id == sheet.attempt_id)).scalar()
            assert score == attempts.regrade(t.db, attempt_id=sheet.attempt_id)
            assert score == 50 * responses(t.db, sheet.attempt_id)


def test_control_a_score_stored_without_the_answers_is_found(database: Database, sari: Actor, library: Library) -> None:
    with database.write() as t:
        sheet = exam(library).start(t.db, sari, t.now)
        attempts.submit(t.db, actor=sari, attempt_id=sheet.attempt_id, now=t.now)
        t.db.execute(update(attempt).values(score=50))
        assert attempts.regrade(t.db, attempt_id=sheet.attempt_id) != 50
