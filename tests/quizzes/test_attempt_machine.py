"""Random walks over attempts against a model of a hundred lines, on both databases."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count as numbers_from
from random import Random
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from people.roles import Actor
from quizzes import allowances, attempts, grading
from quizzes.admission import GRACE, Done, NoTriesLeft
from quizzes.attempts import Closed, Stale
from quizzes.content import Library
from quizzes.sheets import Sheet
from storage.engine import Database
from storage.tables import attempt
from tests.figures import count, figure
from tests.quizzes.exam import MARKED, MINUTE, QUIZ, Exam, exam, key, new_person, question_at

WALKS, STEPS = count(20, 2000), count(25, 50)
SIZE, LIMIT, TRIES, PASS_MARK, COOLDOWN = 3, 30, 2, 67, 2
people = numbers_from(1)


@dataclass
class Model:
    """What the rules say: the attempt that is open, what it holds, and what was closed."""

    started: datetime | None = None
    deadline: datetime | None = None
    answers: dict[int, list[tuple[str, bool]]] = field(default_factory=dict)
    kept: dict[int, list[tuple[str, bool]]] = field(default_factory=dict)
    closed: list[tuple[str, int, bool]] = field(default_factory=list)
    ended: datetime | None = None
    given: list[tuple[str, int, datetime]] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.started is not None

    def over(self, now: datetime) -> bool:
        return self.deadline is not None and now > self.deadline + GRACE

    def score(self) -> int:
        return 100 * sum(history[-1][1] for history in self.answers.values()) // SIZE

    def close(self, now: datetime, state: str) -> None:
        score = self.score()
        self.closed.append((state, score, score >= PASS_MARK))
        self.ended = self.deadline if state == "expired" else now
        self.started = self.deadline = None
        self.kept, self.answers = self.answers, {}

    def fresh(self, kind: str) -> int:
        """What was given since the last attempt ended."""
        return sum(amount for one, amount, at in self.given if one == kind and (not self.ended or at > self.ended))

    def begin(self, now: datetime) -> None:
        self.deadline = now + (LIMIT + self.fresh("time")) * MINUTE
        self.started = now

    def refusal(self, now: datetime) -> type[Exception] | None:
        if self.open:
            return Closed if self.over(now) else None
        if self.closed and self.closed[-1][2]:
            return Done
        tries = TRIES + sum(amount for kind, amount, _ in self.given if kind == "try")
        waits = self.ended is not None and self.ended + timedelta(hours=COOLDOWN) > now and not self.fresh("try")
        return NoTriesLeft if len(self.closed) >= tries or waits else None


class Walk(RuleBasedStateMachine):
    """One person, two tabs, a clock that only goes on, and a trainer who gives allowances."""

    database: ClassVar[Database]
    exam: ClassVar[Exam]
    trainer: ClassVar[Actor]

    @initialize()
    def enter(self) -> None:
        self.actor = new_person(self.database, next(people))
        self.model, self.tokens, self.attempt_id = Model(), numbers_from(1), 0
        with self.database.read() as t:
            self.now = t.now
        self.tabs: list[Sheet | None] = [None, None]

    def act(self, action: Any) -> Any:
        """Run an action in its own transaction; return its result or its refusal."""
        try:
            with self.database.write() as t:
                return action(t.db)
        except (Closed, Stale, Done, NoTriesLeft, allowances.Unfit) as refusal:
            return refusal

    def look(self, position: int) -> Sheet:
        with self.database.read() as t:
            question = question_at(t.db, self.actor, position, self.now)
            return Sheet(self.attempt_id, QUIZ, 1, None, SIZE, 0, None, question)

    @rule(tab=st.integers(0, 1))
    def start(self, tab: int) -> None:
        refusal = self.model.refusal(self.now)
        found = self.act(lambda db: self.exam.start(db, self.actor, self.now, random=Random(1)))
        if refusal is not None:
            assert type(found) is refusal
            if refusal is Closed:
                self.model.close(self.now, "expired")
            return
        if not self.model.open:
            self.model.begin(self.now)
        assert found.deadline_at == self.model.deadline
        assert found.answered == len(self.model.answers)
        self.attempt_id, self.tabs[tab] = found.attempt_id, found

    @rule(tab=st.integers(0, 1), position=st.integers(1, SIZE))
    def open_question(self, tab: int, position: int) -> None:
        if self.model.open and not self.model.over(self.now):
            self.tabs[tab] = self.look(position)

    @rule(tab=st.integers(0, 1), right=st.booleans(), again=st.booleans())
    def answer(self, tab: int, right: bool, again: bool) -> None:
        sheet = self.tabs[tab]
        if sheet is None or sheet.question is None:
            return
        question, token = sheet.question, f"t{next(self.tokens)}"
        with self.database.read() as t:
            choice = key(t.db, sheet.attempt_id, question.position, right=right)
        for _ in range(1 + again):
            found = self.act(
                lambda db: attempts.answer(
                    db,
                    actor=self.actor,
                    attempt_id=sheet.attempt_id,
                    position=question.position,
                    choice=choice,
                    seen_sequence=question.sequence,
                    token=token,
                    now=self.now,
                    then=question.position,
                )
            )
        self.expect_answer(sheet, found, choice, right=right)
        self.tabs[tab] = found if isinstance(found, Sheet) else None

    def expect_answer(self, sheet: Sheet, found: Any, choice: tuple[str, ...], *, right: bool) -> None:
        assert sheet.question is not None
        if sheet.attempt_id != self.attempt_id or not self.model.open:
            assert isinstance(found, Closed)
            return
        if self.model.over(self.now):
            assert isinstance(found, Closed)
            self.model.close(self.now, "expired")
            return
        history = self.model.answers.setdefault(sheet.question.position, [])
        stored = " ".join(sorted(choice))
        if history and history[-1][0] == stored:
            assert isinstance(found, Sheet)
        elif len(history) == sheet.question.sequence:
            assert isinstance(found, Sheet)
            history.append((stored, right))
        else:
            assert isinstance(found, Stale)
        if not history:
            del self.model.answers[sheet.question.position]

    @rule(seconds=st.sampled_from([1, 6, 600, 1799, 3600, 7200]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def submit(self) -> None:
        if not self.attempt_id:
            return
        found = self.act(lambda db: attempts.submit(db, actor=self.actor, attempt_id=self.attempt_id, now=self.now))
        if self.model.open:
            self.model.close(self.now, "expired" if self.model.over(self.now) else "submitted")
        assert (found.state, found.score, found.passed) == self.model.closed[-1]

    @rule()
    def expire(self) -> None:
        self.act(lambda db: attempts.expire_due(db, now=self.now))
        if self.model.open and self.model.over(self.now):
            self.model.close(self.now, "expired")

    @rule(kind=st.sampled_from(["time", "try", "reopen"]))
    def allow(self, kind: Any) -> None:
        given = self.act(
            lambda db: allowances.give(
                db,
                actor=self.trainer,
                person_id=self.actor.person_id,
                program_id="netralitas",
                quiz=MARKED,
                kind=kind,
                amount=1 if kind == "try" else 10,
                reason=f"Jaringan kantor terputus, {next(self.tokens)}.",
                now=self.now,
            )
        )
        if kind == "reopen":
            self.expect_reopened(given)
        elif kind == "time" and self.model.open:
            if self.model.over(self.now):
                assert isinstance(given, allowances.Unfit)
                return
            assert self.model.deadline is not None
            self.model.deadline += 10 * MINUTE
        self.model.given.append((kind, 1 if kind == "try" else 10, self.now))

    def expect_reopened(self, given: Any) -> None:
        if self.model.open or not self.model.closed or self.model.closed[-1][2]:
            assert isinstance(given, allowances.Unfit)
            return
        self.model.closed.pop()
        self.model.started, self.model.deadline = self.now, self.now + 10 * MINUTE
        self.model.answers, self.model.ended = self.model.kept, None

    @invariant()
    def database_holds_what_the_model_says(self) -> None:
        with self.database.read() as t:
            rows = t.db.execute(
                select(attempt.c.id, attempt.c.state, attempt.c.score, attempt.c.passed)
                .where(attempt.c.person_id == self.actor.person_id)
                .order_by(attempt.c.number)
            ).all()
            closed = [(row.state, row.score, row.passed) for row in rows if row.state != "open"]
            assert closed == self.model.closed
            assert sum(row.state == "open" for row in rows) == int(self.model.open)
            for row in rows:
                assert row.score in (None, attempts.regrade(t.db, attempt_id=row.id))


def run_walks(database: Database, library: Library, walks: int, steps: int) -> None:
    trainer = Actor(person_id=new_person(database, 0).person_id, name="Ratna", roles=frozenset({"trainer"}))
    rules = {"time_limit_minutes": LIMIT, "tries": TRIES, "pass_mark": PASS_MARK, "cooldown_hours": COOLDOWN}
    bound: Any = type("Bound", (Walk,), {"database": database, "trainer": trainer})
    bound.exam = exam(library, size=SIZE, **rules)
    run_state_machine_as_test(
        bound,
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],
        ),
    )


@pytest.mark.figure
def test_walks_agree_with_the_model(database: Database, library: Library) -> None:
    run_walks(database, library, WALKS, STEPS)
    name = f"T29 {database.engine.dialect.name}"
    figure(name, WALKS, WALKS, f"random walks of {STEPS} steps over attempts agree with the model")


def test_control_walks_find_a_score_that_is_too_good(
    database: Database, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading, "score", lambda _marks, _weights: 100)
    with pytest.raises(BaseException, match="100") as found:
        run_walks(database, library, 50, 25)
    assert isinstance(found.value, AssertionError | BaseExceptionGroup)
