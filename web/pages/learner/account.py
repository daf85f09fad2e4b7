"""Akun: who is signed in, how surely, and the way out."""

import streamlit as st

from people import directory, second, staff
from web import current, phrases
from web.widgets.persons import ASSURANCE, ROLES, identifier

actor = current.person()
with current.read() as transaction:
    me = directory.myself(transaction.db, actor=actor)
    codes = second.codes_left(transaction.db, actor=actor)

st.title("Akun")
fields = [
    ("Nama", me.name),
    ("NIP" if me.nip else "ID pegawai", identifier(me.nip, me.employee_id)),
    ("Unit", me.unit or "–"),
    ("Peran", ", ".join(dict.fromkeys(ROLES[role] for role, _ in me.roles)) or "Peserta"),
    ("Identitas", ASSURANCE[actor.assurance]),
]
if codes is not None:
    fields.append(("Verifikasi dua langkah", f"Terpasang, sisa {codes} kode pemulihan"))
for label, value in fields:
    st.markdown(f":gray[{label}]  \n{phrases.plain(value)}")
if me.unit:
    amiss = "Bila ada yang keliru, minta SDM unit Anda memperbaikinya."
elif "admin" in actor.roles:  # the first one is made at installation, by nobody's roster
    amiss = "Akun ini tidak termasuk unit mana pun, jadi tidak diatur SDM."
else:
    amiss = "Akun ini tidak termasuk unit mana pun. Bila ada yang keliru, sampaikan kepada admin."
st.markdown(f":gray[{amiss}]")
if "admin" in actor.roles:  # their menu is full with their own work
    st.page_link("pages/learner/home.py", label="Beranda peserta", icon=":material/home:")
st.link_button("Keluar", "/keluar", icon=":material/logout:", type="primary")
if codes is not None:
    st.link_button("Buat kode pemulihan baru", "/masuk/kode-pemulihan", icon=":material/key:")
if st.button("Keluar dari semua perangkat", key="end", icon=":material/lock:"):
    with current.write() as transaction:
        staff.end_sessions(transaction.db, actor=actor, person_id=actor.person_id, now=transaction.now)
    st.rerun()
