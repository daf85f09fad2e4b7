"""Kuis: a start screen, then one question a screen; an answer is stored before the next one is shown."""

from datetime import datetime

import streamlit as st

from quizzes import attempts
from quizzes.admission import Done, NoTriesLeft, admission
from quizzes.journey import Locked
from quizzes.sheets import Sheet
from web import current
from web.widgets import programme, question, quiz_gate
from web.widgets.question import Wish
from web.widgets.step_named import step_named

actor, program, library = current.person(), programme.chosen(), current.library()
step = step_named(program, "quiz")


def begin(wish: Wish) -> None:
    """Begin the attempt, or go on with the one that another tab began."""
    with current.write() as transaction:
        sheet = attempts.start_or_resume(
            transaction.db, actor=actor, library=library, program=program, step_id=step.id, now=transaction.now
        )
    draw(sheet, transaction.now, wish)


def look(wish: Wish) -> None:
    """Draw the open attempt at the place wished for; without one, the start screen."""
    with current.read() as transaction:
        db, now = transaction.db, transaction.now
        names = {"program_id": program.id, "quiz_id": step.ref}
        sheet = attempts.open_sheet(db, actor=actor, now=now, position=wish.position, overview=wish.listed, **names)
        if sheet is None:
            entry = admission(db, actor=actor, library=library, program=program, step_id=step.id, now=now)
    if sheet is not None:
        draw(sheet, now, wish)
    else:
        quiz_gate.start(entry)


def save(wish: Wish) -> None:
    """Store the answer; the same transaction brings the next question."""
    try:
        with current.write() as transaction:
            sheet = attempts.answer(transaction.db, actor=actor, now=transaction.now, **wish.answer)
    except attempts.Stale as stale:
        st.warning(question.STALE, icon=":material/sync:")
        draw(stale.newest, transaction.now, Wish("look"))
    else:
        draw(sheet, transaction.now, wish)


def hand_in(attempt_id: int) -> None:
    """Close the attempt, by the button or because its time is over and nobody has noticed yet."""
    with current.write() as transaction:
        attempts.submit(transaction.db, actor=actor, attempt_id=attempt_id, now=transaction.now)


def draw(sheet: Sheet, now: datetime, wish: Wish) -> None:
    """Draw one question, or the screen after the last one."""
    question.show(sheet, saved=wish.saved)
    if sheet.question is None:
        question.collect(sheet, actor.zone)
        return
    question.heading(sheet, sheet.question, library.bank.labels.topics, actor.zone, now)
    question.form(sheet, sheet.question, wish, sureness=library.quiz(program.id, step.ref).confidence)


wished = question.wish(step.ref)
try:
    if wished.kind == "submit":
        hand_in(wished.attempt_id)
        quiz_gate.to_review(wished.attempt_id)
    {"start": begin, "look": look, "save": save}[wished.kind](wished)
except (attempts.Closed, Locked, Done, NoTriesLeft) as refusal:
    if isinstance(refusal, attempts.Closed):
        hand_in(refusal.attempt_id)
    quiz_gate.refused(refusal, step)
