"""Beranda: how far one is, where to go on, and every step of the programme."""

import streamlit as st

from certificates import issuing
from modules import progress
from quizzes import journey
from web import current, phrases
from web.widgets import law, steps

actor, program, library = current.person(), current.program(), current.library()
with current.read() as transaction:
    db, who = transaction.db, actor.person_id
    standing = issuing.status(db, actor=actor, program=program, now=transaction.now)
    states = journey.states(
        db,
        library=library,
        program=program,
        person_id=who,
        pledged=standing.state in ("waiting", "certified"),
        certified=standing.state == "certified",
    )
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
        where = steps.place_in_words(program, following, reading, place)
        saved = f" Tersimpan {phrases.date_and_clock(place.at, actor.zone)}." if place and begun else ""
        st.markdown(where + saved)
        if st.button("Lanjutkan" if begun else "Mulai program", type="primary", width="stretch"):
            steps.go(program, following, reading, place)
elif standing.certificate is not None:
    st.success(f"Sertifikat Anda terbit dengan nomor {standing.certificate.record.number}.", icon=":material/verified:")

st.header("Langkah Anda")
with st.container(border=True):
    for state in states:
        steps.row(program, state, reading, place)
