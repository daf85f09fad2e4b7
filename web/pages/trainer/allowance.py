"""Kelonggaran: more time, another try or a reopening for one person, with its reason."""

import streamlit as st

from people import roles
from quizzes import allowances
from quizzes.allowances import Kind, Unfit
from quizzes.drawing import Quiz
from web import current, phrases
from web.widgets.allowance_words import KINDS, PROBLEMS, allowance_row, quiz_titles
from web.widgets.tables import table

actor, library = current.person(), current.library()
roles.give_allowance(actor)
st.title("Kelonggaran", anchor=False)
st.markdown(
    "Beri satu orang tambahan waktu, percobaan, atau pembukaan kembali. Alasan, pemberi, dan waktunya tercatat."
)


def give(program_id: str, person_id: int, quiz: Quiz, kind: Kind, amount: int, reason: str) -> None:
    """Give what the form says, and say so once it is stored."""
    try:
        if kind == "time" and quiz.time_limit_minutes is None:
            raise Unfit("no_deadline")
        with current.write() as transaction:
            allowances.give(
                transaction.db,
                actor=actor,
                person_id=person_id,
                program_id=program_id,
                quiz_id=quiz.id,
                kind=kind,
                amount=amount,
                reason=reason,
                now=transaction.now,
            )
    except Unfit as unfit:
        st.error(PROBLEMS.get(unfit.problem, PROBLEMS["amount"]), icon=":material/warning:")
    else:
        st.success(f"Kelonggaran tersimpan {phrases.clock(transaction.now, actor.zone)}.", icon=":material/check:")


words = st.text_input("Nama atau NIP", key="cari", max_chars=80, placeholder="Ketik, lalu tekan Enter")
with current.read() as reading:
    found = allowances.find_people(reading.db, actor=actor, words=words)
if words and not found:
    st.info("Tidak ada peserta dengan nama atau NIP itu dalam lingkup Anda.", icon=":material/search:")
if found:
    people = {row.id: f"{row.name} · {row.nip or 'tanpa NIP'} · {row.unit_name or 'tanpa unit'}" for row in found}
    titles = quiz_titles(library)
    with st.form("kelonggaran", enter_to_submit=False):
        person_id = st.selectbox("Peserta", list(people), format_func=people.__getitem__, index=None, key="peserta")
        named = st.selectbox("Kuis", list(titles), format_func=titles.__getitem__, key="kuis")
        kind = st.radio("Jenis", list(KINDS), format_func=KINDS.__getitem__, key="jenis")
        amount = st.number_input("Jumlah (menit atau percobaan)", 0, 240, 1, key="jumlah")
        reason = st.text_area("Alasan", key="alasan", max_chars=500)
        if st.form_submit_button("Beri kelonggaran", key="beri", type="primary", width="stretch"):
            if person_id is None:
                st.error("Pilih peserta dahulu.", icon=":material/warning:")
                st.stop()
            give(named[0], person_id, library.quiz(*named), kind, int(amount), reason)

with current.read() as reading:
    given = allowances.given(reading.db, actor=actor)
st.header("Yang sudah diberikan", anchor=False)
if given:
    headers = ["Peserta", "Kuis", "Kelonggaran", "Alasan", "Oleh", "Waktu"]
    table("kelonggaran", headers, [allowance_row(row, library, actor.zone) for row in given])
else:
    st.info("Belum ada kelonggaran.", icon=":material/info:")
