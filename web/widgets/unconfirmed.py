"""Who registered themselves and was never confirmed: how many, who, and what HR does about it."""

import streamlit as st

from people import directory
from people.roles import Scope
from web import current, phrases
from web.widgets.persons import cell
from web.widgets.tables import table

HEADERS = ("Nama", "NIP / ID", "Unit kerja", "Terdaftar sejak")
WHAT_TO_DO = (
    "orang mendaftar sendiri dan belum dipastikan: pastikan yang Anda kenal dengan **Kode baru** lewat pencarian di "
    "atas (berlaku begitu kodenya dipakai), atau dengan mengimpor berkas unitnya yang lengkap "
    "dengan orang itu di dalamnya."
)
WHAT_FOLLOWS = (
    "Selama belum dipastikan mereka tidak tampil pada Penyelesaian. Sesudah diimpor pun mereka masuk dengan kode "
    "aktivasi: kata sandi buatannya sendiri tidak berlaku lagi, dan kuis dengan batas lulus dikerjakan sekali lagi. "
    "Yang tidak Anda kenal jangan diberi kode."
)


def show(scope: Scope) -> None:
    """Draw the section, where there is anybody."""
    with current.read() as transaction:
        people, total = directory.unconfirmed(transaction.db, scope=scope)
    if not people:
        return
    st.header("Mendaftar sendiri")
    st.markdown(f"{total} {WHAT_TO_DO}")
    st.markdown(WHAT_FOLLOWS)
    rows = [(one.name, cell(one.identifier), one.unit, phrases.short_date(one.since, one.zone)) for one in people]
    table("mendaftar-sendiri", HEADERS, rows)
    if total > len(people):
        st.markdown(f":gray[… dan {total - len(people)} orang lagi yang mendaftar lebih dahulu.]")
