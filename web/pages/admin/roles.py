"""Peran: who has which role, for which unit, and ending all sessions of a person."""

import streamlit as st

from people import directory, roles, staff, units
from people.staff import Grant, LastAdministrator, UnitMissing
from web import current, phrases
from web.widgets.persons import ROLES, line, number
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


def named(grant: Grant) -> str:
    """A grant in one line."""
    return " · ".join(part for part in (grant.name, ROLES[grant.role], grant.unit) if part)


st.title("Peran")
st.page_link("pages/author/content.py", label="Periksa materi", icon=":material/edit:")
if text := st.session_state.pop("said", ""):
    st.success(text, icon=":material/check_circle:")
table(("Nama", "NIP / ID", "Peran", "Unit"), [(g.name, number(g.identifier), ROLES[g.role], g.unit) for g in held])

st.header("Cabut peran")
grants = {grant.grant_id: named(grant) for grant in held}
with st.form("revoke", enter_to_submit=False):
    grant_id = st.selectbox("Peran yang dicabut", grants, format_func=grants.__getitem__, key="grant")
    if st.form_submit_button("Cabut peran", key="revoke_now") and grant_id is not None:
        try:
            with current.write() as transaction:
                staff.revoke_role(transaction.db, actor=actor, grant_id=grant_id, now=transaction.now)
            said("Peran dicabut, dan semua sesi orang itu berakhir.")
        except LastAdministrator:
            st.error("Ini admin terakhir yang dapat masuk. Angkat admin lain dahulu.", icon=":material/block:")

st.header("Beri peran")
words = st.text_input("Nama, NIP, atau ID pegawai", key="words", max_chars=80, help="Tekan Enter untuk mencari.")
with current.read() as transaction:
    people = {one.person_id: line(one) for one in directory.find(transaction.db, scope=scope, text=words)}
if words and not people:
    st.info("Tidak ada pegawai dengan nama atau nomor itu. Ketik paling sedikit 3 huruf.", icon=":material/search:")
if people:
    with st.form("grant_form", enter_to_submit=False):
        person_id = st.selectbox("Pegawai", people, format_func=people.__getitem__, key="person")
        role = st.radio("Peran", list(ROLES), format_func=ROLES.__getitem__, key="role", horizontal=True)
        unit_id = st.selectbox(
            "Unit (hanya untuk SDM)", places, format_func=places.__getitem__, key="place", index=None
        )
        give, end = (
            st.form_submit_button("Beri peran", key="give", type="primary"),
            st.form_submit_button("Akhiri semua sesi", key="end"),
        )
    if give or end:
        try:
            with current.write() as transaction:
                db, now = transaction.db, transaction.now
                if give:
                    place = unit_id if role == "hr" else None
                    staff.grant_role(db, actor=actor, person_id=person_id, role=role, unit_id=place, now=now)
                else:
                    staff.end_sessions(db, actor=actor, person_id=person_id, now=now)
            said(
                "Peran diberikan. Orang itu masuk lagi untuk memakainya." if give else "Semua sesi orang itu berakhir."
            )
        except UnitMissing:
            st.error("Pilih unit untuk peran SDM.", icon=":material/warning:")
