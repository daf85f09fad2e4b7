"""A programme of a single quiz with rules of one's own, and short ways to take it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select

from modules.catalog import Program
from people.roles import Actor
from quizzes import attempts, store
from quizzes.content import Library
from quizzes.drawing import Quiz, Quota
from quizzes.sheets import Question, Sheet, item_of
from storage.engine import Database
from storage.tables import person, response
from tests import choices

QUIZ = "kuis-akhir"
MARKED = Quiz(id=QUIZ, title="Kuis akhir", intro="", quotas=(Quota(topic="topik", count=1),), pass_mark=70)
"""The final quiz, as far as whoever gives an allowance looks at it."""


@dataclass(frozen=True)
class Exam:
    """A library in which the final quiz is the first step, with rules of the test's choosing."""

    library: Library
    program: Program

    def start(self, db: Connection, actor: Actor, now: datetime, **more: Any) -> Sheet:
        return attempts.start_or_resume(
            db, actor=actor, library=self.library, program=self.program, step_id=QUIZ, now=now, **more
        )


def exam(library: Library, *, size: int = 4, **rules: Any) -> Exam:
    """Cut the programme down to the final quiz and what follows; `rules` change the quiz."""
    program = library.catalog.program("netralitas")
    kept = {QUIZ, "pakta", "sertifikat"}
    head = program.head.model_copy(update={"steps": tuple(step for step in program.head.steps if step.id in kept)})
    short = program.model_copy(update={"head": head})
    topics = list(library.bank.labels.topics)
    quotas = tuple(Quota(topic=topics[number % len(topics)], count=1) for number in range(size))
    quiz = library.quiz("netralitas", QUIZ).model_copy(update={"quotas": quotas, "scenarios": None, **rules})
    quizzes = {"netralitas": {**library.quizzes["netralitas"], QUIZ: quiz}}
    catalog = library.catalog.model_copy(update={"programs": (short,)})
    return Exam(replace(library, catalog=catalog, quizzes=quizzes), short)


def new_person(database: Database, number: int) -> Actor:
    """Store one more learner."""
    with database.write() as transaction:
        now = transaction.now
        values = {"employee_id": f"T-{number}", "name": f"Peserta {number}", "kind": "non_asn"}
        stored = {**values, "created_at": now, "updated_at": now}
        person_id = int(transaction.db.execute(insert(person).values(stored).returning(person.c.id)).scalar_one())
    return Actor(person_id=person_id, name=f"Peserta {number}")


def question_at(db: Connection, actor: Actor, position: int, now: datetime) -> Question:
    """Return one question of the open attempt as it is stored now."""
    seen = attempts.open_sheet(db, actor=actor, program_id="netralitas", quiz_id=QUIZ, now=now, position=position)
    assert seen is not None
    assert seen.question is not None
    return seen.question


def answer(db: Connection, actor: Actor, sheet: Sheet, choice: Sequence[str], now: datetime, **more: Any) -> Sheet:
    """Answer the question that a sheet shows."""
    assert sheet.question is not None
    values: dict[str, Any] = {
        "attempt_id": sheet.attempt_id,
        "position": sheet.question.position,
        "choice": choice,
        "seen_sequence": sheet.question.sequence,
        "token": f"t-{sheet.question.position}-{sheet.question.sequence}",
    }
    return attempts.answer(db, actor=actor, now=now, **{**values, **more})


def key(db: Connection, attempt_id: int, position: int, *, right: bool = True) -> tuple[str, ...]:
    """Return the right choice of a question, or one that earns nothing."""
    row = next(row for row in store.paper(db, attempt_id) if row.position == position)
    item = item_of(row.content)
    return choices.key(item, row.option_order, right=right)


def finish(db: Connection, actor: Actor, sheet: Sheet, now: datetime, *, right: bool) -> attempts.Outcome:
    """Answer everything rightly or wrongly, and hand in."""
    while sheet.question is not None:
        sheet = answer(db, actor, sheet, key(db, sheet.attempt_id, sheet.question.position, right=right), now)
    return attempts.submit(db, actor=actor, attempt_id=sheet.attempt_id, now=now)


def responses(db: Connection, attempt_id: int) -> int:
    """Count stored responses."""
    counted = select(func.count()).select_from(response).where(response.c.attempt_id == attempt_id)
    return int(db.execute(counted).scalar_one())


MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
