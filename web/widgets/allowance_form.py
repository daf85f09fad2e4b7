"""The form of an allowance: for whom, at which quiz, what and why."""

from collections.abc import Sequence
from typing import Any

import streamlit as st
from sqlalchemy import Row

from quizzes import allowances
from quizzes.allowances import AMOUNTS, Kind, Unfit
from quizzes.drawing import Quiz
from web import current
from web.widgets.allowance_words import (
    AMOUNT_LABELS,
    KINDS,
    PROBLEMS,
    first_choice,
    person_line,
    promise,
    quiz_titles,
)
from web.widgets.asking import ask

PLACE = "give"
Wanted = tuple[str, int, Quiz, Kind, int, str]
"""Programme, person, quiz, kind, amount and reason."""


def refuse(unfit: Unfit) -> None:
    """Say why an allowance does not fit."""
    st.error(PROBLEMS.get(unfit.problem, PROBLEMS["amount"]), icon=":material/warning:")


def fill(found: Sequence[Row[*tuple[Any, ...]]]) -> None:
    """Draw the form for the people found; the page gives what it asks for after a second button."""
    library, people = current.library(), {row.id: row for row in found}
    titles = quiz_titles(library)
    keys = list(titles)
    named = st.selectbox("Kuis", keys, keys.index(first_choice(library)), format_func=titles.__getitem__, key="kuis")
    kind = st.radio("Jenis", list(KINDS), format_func=KINDS.__getitem__, key="jenis")
    quiz, amount = library.quiz(*named), 1
    with st.form("kelonggaran", enter_to_submit=False):
        person_id = st.selectbox(
            "Peserta", list(people), format_func=lambda one: person_line(people[one]), index=None, key="peserta"
        )
        if kind != "reopen" or quiz.time_limit_minutes is not None:
            most = max(AMOUNTS[kind])
            amount = int(st.number_input(AMOUNT_LABELS[kind], 1, most, 1, key=f"jumlah-{kind}"))
        reason = st.text_area("Alasan", key="alasan", max_chars=500, placeholder="10 sampai 500 huruf")
        if not st.form_submit_button("Beri kelonggaran", key="beri", type="primary", width="stretch"):
            return
    if person_id is None:
        st.error("Pilih peserta dahulu.", icon=":material/warning:")
    else:
        _ask((named[0], person_id, quiz, kind, amount, reason), people[person_id].name)


def _ask(wanted: Wanted, name: str) -> None:
    _, _, quiz, kind, amount, reason = wanted
    try:
        if kind == "time" and quiz.time_limit_minutes is None:
            raise Unfit("no_deadline")
        allowances.check(quiz, kind=kind, amount=amount, reason=reason)
    except Unfit as unfit:
        refuse(unfit)
    else:
        question = promise(kind, amount, quiz, name)
        ask(PLACE, wanted, f"{question} Kelonggaran tidak dapat ditarik.", question)
