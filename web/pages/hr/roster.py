"""SDM: import the roster after a look at what it changes, hand out activation codes, see who waits to be confirmed."""

import streamlit as st

from people import roles, roster, words
from people.roster import FileRefused, StalePlan
from web import current, phrases
from web.widgets import codes, roster_preview, unconfirmed

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
                example=actor.is_example,
                now=transaction.now,
            )
    except StalePlan:
        st.error("Data pegawai baru saja berubah. Periksa pratinjau yang baru, lalu simpan lagi.")
        return
    clock = phrases.clock(transaction.now, actor.zone)
    st.session_state["said"] = f"Tersimpan {clock}: {roster_preview.counts(shown)}."
    st.session_state["turn"] = turn + 1
    st.rerun()


def read(content: bytes) -> roster.Plan | None:
    """Return what a file would change, or say why it is refused."""
    try:
        with current.read() as transaction:
            today = transaction.now.date()
        # A large file takes seconds: no transaction stays open meanwhile.
        found = roster.read(content, today=today)
        with current.read() as transaction:
            return roster.plan(transaction.db, scope=scope, table=found)
    except FileRefused as refused:
        st.error(phrases.plain(words.sentence(refused.code, other=refused.other)), icon=":material/block:")
        return None


def offer(plan: roster.Plan) -> None:
    """Show a plan, and save it when the person agrees to what was shown."""
    st.header("Pratinjau")
    roster_preview.show(plan)
    seen = st.session_state.get("seen")
    st.session_state["seen"] = plan.fingerprint
    if not (plan.new or plan.moved or plan.changed or plan.gone or plan.adopted):
        st.info("Tidak ada yang perlu disimpan dari berkas ini.", icon=":material/info:")
        return
    label = "Simpan baris yang benar" if plan.refused else "Simpan semua"
    if st.button(label, key="save", type="primary", icon=":material/check:"):
        if seen == plan.fingerprint:
            save(plan)
        else:
            st.error("Data pegawai baru saja berubah. Periksa pratinjau yang baru, lalu simpan lagi.")


st.title("Daftar pegawai")
if text := st.session_state.pop("said", ""):
    st.success(text, icon=":material/check_circle:")
st.header("Impor daftar")
st.markdown("Berkas XLSX atau CSV dengan kolom NIP, Nama, dan Unit Kerja. Tidak ada yang disimpan sebelum Anda setuju.")
turn = st.session_state.get("turn", 0)
file = st.file_uploader("Berkas daftar pegawai (paling besar 5 MB)", type=["xlsx", "csv"], key=f"file-{turn}")
if file is not None and (plan := read(file.getvalue())):
    offer(plan)
st.header("Kode aktivasi")
codes.hand_out(scope)
unconfirmed.show(scope)
