"""Beranda: how far one is, where to go on, the choice of a programme, and every step of this one."""

from datetime import datetime

import streamlit as st
from sqlalchemy import Connection

from certificates import issuing
from certificates.issuing import Status
from modules import progress
from modules.catalog import Program
from quizzes import journey
from quizzes.journey import StepState
from web import current, phrases
from web.widgets import law, programme, programme_cards, refusals, renewal, steps


def found(db: Connection, one: Program, now: datetime) -> tuple[Status, tuple[StepState, ...]]:
    """Return where the person is in a programme: at its end, and at every step."""
    standing = issuing.status(db, actor=actor, program=one, now=now)
    done = {"pledged": standing.state in ("waiting", "certified"), "certified": standing.state == "certified"}
    return standing, journey.states(db, library=library, program=one, person_id=actor.person_id, now=now, **done)


actor, program, library = current.person(), programme.chosen(), current.library()
programs = library.catalog.programs
with current.read() as transaction:
    db, who = transaction.db, actor.person_id
    standing, states = found(db, program, transaction.now)
    others = {one.id: found(db, one, transaction.now)[1] for one in programs if one.id != program.id}
    reading = progress.reading(db, person_id=who, program=program)
    place = progress.place(db, person_id=who, program=program)

st.title(program.head.title)
status = law.status_line(library.catalog.registry.as_of)
st.markdown(f":gray[{status} · {program.jp} JP · sekitar {program.minutes} menit]")
percent, left = steps.percent_done(program, states), sum(state.minutes_left for state in states)
words = f"**{percent} % selesai**" + (f" · sisa sekitar {left} menit" if left else "")
st.progress(percent / 100, text=words)

following = steps.next_state(states, place)
if following is not None:
    begun = any(state.state != "open" for state in states[:1])
    with st.container(border=True):
        st.header(f"{'Lanjutkan' if begun else 'Mulai'}: {following.step.title}", anchor=False)
        if following.step.kind == "certificate" and standing.refusal is not None:
            where = phrases.plain(refusals.words(standing.refusal))
        else:
            where = steps.place_in_words(program, following, reading, place)
        saved = f" Tersimpan {phrases.date_and_clock(place.at, actor.zone)}." if place and begun else ""
        st.markdown(where + saved)
        if st.button("Lanjutkan" if begun else "Mulai program", type="primary", width="stretch"):
            steps.go(program, following, reading, place)
elif standing.certificate is not None:
    renewal.at_home(program, standing.certificate)

if others:
    programme_cards.choice(program, [(one, others.get(one.id, states)) for one in programs])
st.header("Langkah Anda")
with st.container(border=True):
    for state in states:
        steps.row(program, state, reading, place, actor.zone)
