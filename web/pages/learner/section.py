"""Bagian: a few minutes of reading, what is allowed and what is not, and one check."""

from typing import Any

import streamlit as st

from modules.catalog import Check
from quizzes import journey, lessons
from web import current
from web.widgets import law, programme, reading, rules
from web.widgets.drawings import drawing


def visit() -> tuple[int | None, str]:
    """Note the visit; return the choice last given at the check, and what must be done first, empty when open.

    Reading is never locked: a result leads here, also from another programme. Out of order nothing is noted.
    """
    with current.write() as transaction:
        try:
            return lessons.open_section(transaction.db, **here(), now=transaction.now), ""
        except journey.Locked as locked:
            return None, locked.title


def here() -> dict[str, Any]:
    """Return whose section this is, for the actions."""
    place = {"step_id": step.id, "section_id": section.id}
    return {"library": current.library(), "program": program, "person_id": actor.person_id, **place}


def ask(check: Check, chosen: int | None) -> None:
    """Draw the section's check; the answer is kept before its explanation is shown."""
    with st.form("check"):
        st.markdown(f"**{check.stem}**")
        texts = [option.text for option in check.options]
        choice = st.radio("Pilih satu jawaban", range(len(texts)), index=chosen, format_func=texts.__getitem__)
        sent = st.form_submit_button("Periksa jawaban", type="primary", width="stretch")
    if sent and choice is None:
        st.warning("Pilih satu jawaban dahulu.", icon=":material/warning:")
    elif sent and choice is not None:
        with current.write() as transaction:
            lessons.answer_check(transaction.db, **here(), choice=choice, now=transaction.now)
        chosen = choice
    if chosen is not None:
        option = check.options[chosen]
        show, word = (st.success, "Tepat") if option.correct else (st.error, "Belum tepat")
        show(f"**{word}.** {option.why}", icon=":material/check_circle:" if option.correct else ":material/close:")


actor, program = current.person(), programme.chosen()
if not program.modules:
    st.switch_page(programme.HOME, query_params=programme.kept())
step, module, section = reading.section_named(program, st.query_params.get("bagian", ""))
chosen, first = visit()

number = module.sections.index(section) + 1
st.markdown(f":gray[{module.title} · Bagian {number} dari {len(module.sections)}]")
st.progress(number / len(module.sections))
st.title(section.title)
if first:
    st.info(reading.OUT_OF_ORDER.format(first), icon=":material/lock:")
if number == 1:
    reading.opening(module)
if section.drawing:
    drawing(section.drawing)
st.markdown(reading.body(section))
reading.boxes(section)
rules.listed(current.library().catalog.registry, module, section)
law.basis_box(current.library().catalog.registry, section.basis, caveat=section.caveat)
if first:
    programme.home_link()
    st.stop()
st.header("Periksa pemahaman Anda")
ask(section.check, chosen)
if number == len(module.sections):
    reading.summary_card(module)
reading.neighbours(step, module, number)
