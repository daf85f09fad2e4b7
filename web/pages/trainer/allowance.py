"""Kelonggaran: more time, another try or a reopening for one person, with its reason."""

import streamlit as st

from people import roles
from quizzes import allowances
from quizzes.allowances import Kind, Unfit
from quizzes.drawing import Quiz
from web import current, phrases
from web.widgets import allowance_form
from web.widgets.allowance_words import allowance_row
from web.widgets.asking import granted
from web.widgets.tables import table

actor, library = current.person(), current.library()
roles.give_allowance(actor)
st.title("Kelonggaran", anchor=False)
st.markdown(
    "Beri satu orang tambahan waktu, percobaan, atau pembukaan kembali. Alasan, pemberi, dan waktunya tercatat."
)


def give(program_id: str, person_id: int, quiz: Quiz, kind: Kind, amount: int, reason: str) -> None:
    """Give what was agreed to, and say so once it is stored."""
    try:
        with current.write() as transaction:
            allowances.give(
                transaction.db,
                actor=actor,
                person_id=person_id,
                program_id=program_id,
                quiz=quiz,
                kind=kind,
                amount=amount,
                reason=reason,
                now=transaction.now,
            )
    except Unfit as unfit:
        allowance_form.refuse(unfit)
    else:
        st.success(f"Kelonggaran tersimpan {phrases.clock(transaction.now, actor.zone)}.", icon=":material/check:")


if wanted := granted(allowance_form.PLACE):
    give(*wanted)
words = st.text_input("Nama atau NIP", key="cari", max_chars=80, placeholder="Ketik, lalu tekan Enter")
with current.read() as reading:
    found = allowances.find_people(reading.db, actor=actor, words=words)
if words and not found:
    st.info("Tidak ada peserta dengan nama atau NIP itu dalam lingkup Anda.", icon=":material/search:")
if found:
    allowance_form.fill(found)

with current.read() as reading:
    given = allowances.given(reading.db, actor=actor)
st.header("Yang sudah diberikan", anchor=False)
if given:
    headers = ["Peserta", "Kuis", "Kelonggaran", "Alasan", "Oleh", "Waktu"]
    table("kelonggaran", headers, [allowance_row(row, library, actor.zone) for row in given])
else:
    st.info("Belum ada kelonggaran.", icon=":material/info:")
