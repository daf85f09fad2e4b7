"""SDM: import the roster after a look at what it changes, and hand out activation codes."""

import streamlit as st

from people import directory, roles, roster, units, words
from people.roster import FileRefused, StalePlan
from web import current, phrases
from web.widgets import roster_preview
from web.widgets.persons import line

actor = current.person()
scope = roles.import_roster(actor)


def save(shown: roster.Plan) -> None:
    """Write what the preview showed, and start afresh."""
    try:
        with current.write() as transaction:
            roster.apply(
                transaction.db,
                shown=shown,
                scope=scope,
                actor=actor.reference,
                skip_refused=True,
                now=transaction.now,
            )
    except StalePlan:
        st.error("Data pegawai baru saja berubah. Periksa pratinjau yang baru, lalu simpan lagi.")
        return
    clock = phrases.clock(transaction.now, actor.zone)
    st.session_state["said"] = f"Tersimpan {clock}: {roster_preview.counts(shown)}."
    st.session_state["turn"] = turn + 1
    st.rerun()


st.title("Daftar pegawai")
if text := st.session_state.pop("said", ""):
    st.success(text, icon=":material/check_circle:")
st.header("Impor daftar")
st.markdown("Berkas XLSX atau CSV dengan kolom NIP, Nama, dan Unit Kerja. Tidak ada yang disimpan sebelum Anda setuju.")
turn = st.session_state.get("turn", 0)
file = st.file_uploader("Berkas daftar pegawai (paling besar 5 MB)", type=["xlsx", "csv"], key=f"file-{turn}")
if file is not None:
    try:
        with current.read() as transaction:
            found = roster.read(file.getvalue(), today=transaction.now.date())
            plan = roster.plan(transaction.db, scope=scope, table=found)
    except FileRefused as refused:
        st.error(phrases.plain(words.sentence(refused.code, other=refused.other)), icon=":material/block:")
        st.stop()
    st.header("Pratinjau")
    roster_preview.show(plan)
    seen = st.session_state.get("seen")
    st.session_state["seen"] = plan.fingerprint
    if not (plan.new or plan.moved or plan.changed or plan.gone):
        st.info("Tidak ada yang perlu disimpan dari berkas ini.", icon=":material/info:")
        st.stop()
    label = "Simpan baris yang benar" if plan.refused else "Simpan semua"
    if st.button(label, key="save", type="primary", icon=":material/check:"):
        if seen == plan.fingerprint:
            save(plan)
        else:
            st.error("Data pegawai baru saja berubah. Periksa pratinjau yang baru, lalu simpan lagi.")


@st.fragment
def hand_out() -> None:
    """Choose a unit or a person; the codes themselves are shown on a page of their own, once."""
    st.header("Kode aktivasi")
    with current.read() as transaction:
        places = {each.unit_id: each.label for each in units.choices(transaction.db, scope=scope)}
        typed = st.text_input("Lupa kata sandi? Cari nama, NIP, atau ID pegawai", key="words", max_chars=80)
        people = directory.find(transaction.db, scope=scope, text=typed)
    for one in people:
        st.link_button(f"Kode baru: {phrases.plain(line(one))}", f"/kode-aktivasi?person={one.person_id}")
    unit_id = st.selectbox("Unit", places, format_func=places.__getitem__, key="unit", placeholder="Belum ada unit")
    if unit_id:
        st.link_button("Cetak kode aktivasi", f"/kode-aktivasi?unit={unit_id}", icon=":material/group:")


hand_out()
