"""Hasil: how a quiz ended, what to read again, and each question."""

import streamlit as st

from certificates import issuing
from certificates.pledge import final_quiz
from quizzes import reviewing
from quizzes.admission import Admission, admission
from quizzes.attempts import NotYours
from quizzes.reviewing import Result
from web import current
from web.widgets import programme
from web.widgets import result as pieces

PLEDGE = "pages/learner/pledge.py"
QUIZ = "pages/learner/quiz.py"
CERTIFICATE = "pages/learner/certificate.py"

actor, program, library = current.person(), programme.chosen(), current.library()


def load() -> tuple[Result, Admission, bool] | None:
    """Return the attempt that the address names, else the one closed last, and whether the certificate is issued."""
    named = st.query_params.get("percobaan", "")
    with current.read() as transaction:
        db, now = transaction.db, transaction.now
        attempt_id = int(named[:20]) if named.isdecimal() else reviewing.last_closed(db, actor=actor, program=program)
        if attempt_id is None:
            return None
        found = reviewing.result(db, actor=actor, library=library, program=program, attempt_id=attempt_id)
        if found is None:
            return None
        steps = [step for step in program.head.steps if (step.kind, step.ref) == ("quiz", found.quiz_id)]
        entry = admission(db, actor=actor, library=library, program=program, step_id=steps[0].id, now=now)
        certified = issuing.status(db, actor=actor, program=program, now=now).state == "certified"
    return found, entry, certified


def go_on(result: Result, entry: Admission, certified: bool) -> None:
    """Draw the one way on: the pledge, the certificate once it is issued, another try, or home."""
    label, page, query = "Lanjutkan program", programme.HOME, programme.kept()
    if result.passed and result.quiz_id == final_quiz(program):
        label, page = ("Lihat sertifikat", CERTIFICATE) if certified else ("Lanjutkan ke pakta integritas", PLEDGE)
    elif result.passed is False and entry.used < entry.tries and entry.next_at is None:
        step = next(step for step in program.head.steps if step.ref == result.quiz_id)
        label, page, query = "Coba lagi", QUIZ, programme.kept(langkah=step.id)
    if st.button(label, key="lanjut", type="primary", width="stretch"):
        st.switch_page(page, query_params=query)


def draw(result: Result, entry: Admission, certified: bool) -> None:
    """Draw the page from the sentence down to the questions."""
    st.title(f"Hasil {entry.quiz.title.lower()}", anchor=False)
    pieces.sentence(result, entry, actor.zone)
    pieces.figures(result, entry)
    go_on(result, entry, certified)
    pieces.weak_topics(result.weak)
    st.header("Pembahasan" if result.complete else "Jawaban Anda", anchor=False)
    if not result.complete:
        st.markdown("Jawaban tepat ditampilkan setelah Anda lulus.")
    noted = pieces.notes(result)
    for reviewed in result.questions:
        pieces.question(reviewed, noted)
    pieces.status(result, noted)


try:
    loaded = load()
except NotYours:
    loaded = None
if loaded is None:
    st.title("Hasil", anchor=False)
    st.info("Belum ada hasil. Kumpulkan kuis untuk melihat hasilnya.", icon=":material/info:")
    programme.home_link()
else:
    draw(*loaded)
