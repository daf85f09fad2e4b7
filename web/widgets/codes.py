"""Handing out activation codes: choose a unit or a person; the codes are shown on a page of their own, once."""

import streamlit as st

from people import directory, units
from people.roles import Scope
from web import current, phrases
from web.widgets.persons import line


@st.fragment
def hand_out(scope: Scope) -> None:
    """Draw the search for one person and the choice of a unit, each with its way to the code page."""
    with current.read() as transaction:
        places = {each.unit_id: each.label for each in units.choices(transaction.db, scope=scope)}
        typed = st.text_input("Lupa kata sandi? Cari nama, NIP, atau ID pegawai", key="words", max_chars=80)
        people = directory.find(transaction.db, scope=scope, text=typed)
    for one in people:
        st.link_button(f"Kode baru: {phrases.plain(line(one))}", f"/kode-aktivasi?person={one.person_id}")
    # Drawn without units it would keep the choice "none", also when there are some.
    if not places:
        st.info("Belum ada unit. Impor daftar pegawai untuk memulai.", icon=":material/info:")
        return
    unit_id = st.selectbox("Unit", places, format_func=places.__getitem__, key="code_unit")
    st.link_button("Cetak kode aktivasi", f"/kode-aktivasi?unit={unit_id}", icon=":material/group:")
