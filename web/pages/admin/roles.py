"""Peran: who has which role, for which unit, and ending all sessions of a person."""

import streamlit as st

from people import directory, roles, staff, units
from web import current, phrases
from web.widgets import proof, staff_forms
from web.widgets.persons import ROLES, cell, line
from web.widgets.tables import table

actor = current.person()
with current.read() as transaction:
    held = staff.staff(transaction.db, actor=actor)
    scope = roles.find_people(actor)
    places = {choice.unit_id: choice.label for choice in units.choices(transaction.db, scope=scope)}


def said(text: str) -> None:
    """Show what was done, after the page has read the database again."""
    st.session_state["said"] = f"{text} Tersimpan {phrases.clock(transaction.now, actor.zone)}."
    st.rerun()


st.title("Peran")
st.page_link("pages/author/content.py", label="Periksa materi", icon=":material/edit:")
if text := st.session_state.pop("said", ""):
    st.success(text, icon=":material/check_circle:")
table(
    "peran", ("Nama", "NIP / ID", "Peran", "Unit"), [(g.name, cell(g.identifier), ROLES[g.role], g.unit) for g in held]
)

proof.gate(actor, transaction.now, "/peran")
st.header("Beri peran")
st.markdown("Cari orangnya dahulu. Di sini juga sesinya diakhiri dan verifikasi dua langkahnya diatur ulang.")
words = st.text_input("Nama, NIP, atau ID pegawai", key="words", max_chars=80, help="Tekan Enter untuk mencari.")
with current.read() as transaction:
    people = {one.person_id: line(one) for one in directory.find(transaction.db, scope=scope, text=words)}
if words and not people:
    st.info("Tidak ada pegawai dengan nama atau nomor itu. Ketik paling sedikit 3 huruf.", icon=":material/search:")
if people:
    staff_forms.give(actor, people, places, said)
    st.header("Sesi dan verifikasi dua langkah")
    staff_forms.guard(actor, people, said)

st.header("Cabut peran")
staff_forms.take(actor, held, said)

st.header("Pendaftaran mandiri")
staff_forms.registration_switch(actor, said)
