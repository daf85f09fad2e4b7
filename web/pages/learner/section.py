"""Bagian: a few minutes of reading, what is allowed and what is not, and one check."""

import streamlit as st

from modules import progress
from modules.catalog import Check, Module, Section, Step
from people.roles import Actor
from quizzes import journey
from web import current
from web.widgets import law, programme, reading, rules
from web.widgets.drawings import drawing


def choose(actor: Actor) -> tuple[Step, Module, Section, int | None]:
    """Return what the address names, noting the visit, and the choice last given at the check."""
    step, module, section = reading.section_named(program, st.query_params.get("bagian", ""))
    with current.write() as transaction:
        db, now, who = transaction.db, transaction.now, actor.person_id
        journey.require_open(db, library=current.library(), program=program, person_id=who, step_id=step.id)
        chosen = progress.open_section(
            db, person_id=who, program=program, step_id=step.id, section_id=section.id, now=now
        )
    return step, module, section, chosen


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
            progress.answer_check(
                transaction.db,
                person_id=actor.person_id,
                program=program,
                step_id=step.id,
                section_id=section.id,
                choice=choice,
                now=transaction.now,
            )
        chosen = choice
    if chosen is not None:
        option = check.options[chosen]
        show, word = (st.success, "Tepat") if option.correct else (st.error, "Belum tepat")
        show(f"**{word}.** {option.why}", icon=":material/check_circle:" if option.correct else ":material/close:")


actor, program = current.person(), programme.chosen()
if not program.modules:
    st.switch_page(programme.HOME, query_params=programme.kept())
try:
    step, module, section, chosen = choose(actor)
except journey.Locked as locked:
    st.info(f"Terbuka setelah “{locked.title}” selesai.", icon=":material/lock:")
    programme.home_link()
    st.stop()

number = module.sections.index(section) + 1
st.markdown(f":gray[{module.title} · Bagian {number} dari {len(module.sections)}]")
st.progress(number / len(module.sections))
st.title(section.title)
if number == 1:
    reading.opening(module)
if section.drawing:
    drawing(section.drawing)
st.markdown(reading.body(section))
reading.boxes(section)
rules.listed(current.library().catalog.registry, module, section)
law.basis_box(current.library().catalog.registry, section.basis, caveat=section.caveat)
st.header("Periksa pemahaman Anda")
ask(section.check, chosen)
if number == len(module.sections):
    reading.summary_card(module)
reading.neighbours(step, module, number)
