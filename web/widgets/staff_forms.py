"""The forms of the roles page: give a role, end sessions, take a lost second factor away, take a role."""

from collections.abc import Callable, Mapping

import streamlit as st

from people import registration, second, staff
from people.roles import Actor
from people.staff import Grant, LastAdministrator, NotConfirmed, UnitMissing
from storage.engine import Transaction
from web import current, phrases
from web.widgets.asking import ask, granted
from web.widgets.persons import ROLES

Done = Callable[[str], None]
GUARDS = {"end": "Akhiri semua sesi", "reset": "Atur ulang verifikasi dua langkah"}


def named(grant: Grant) -> str:
    """A grant in one line."""
    return " · ".join(part for part in (grant.name, ROLES[grant.role], grant.unit) if part)


def take(actor: Actor, held: list[Grant], done: Done) -> None:
    """Choose a role, and take it away after a second button."""
    if agreed := granted("revoke"):
        _take(actor, agreed, done)
    grants = {grant.grant_id: grant for grant in held}
    with st.form("revoke_form", enter_to_submit=False):
        grant_id = st.selectbox(
            "Peran yang dicabut", list(grants), format_func=lambda one: named(grants[one]), key="grant", index=None
        )
        pressed = st.form_submit_button("Cabut peran", key="revoke_now")
    if pressed and grant_id is None:
        st.error("Pilih peran yang dicabut dahulu.", icon=":material/warning:")
    elif pressed and grant_id is not None:
        one = grants[grant_id]
        place = f" untuk {one.unit}" if one.unit else ""
        question = phrases.plain(
            f"Cabut peran {ROLES[one.role]}{place} dari {one.name}? Semua sesi orang itu berakhir."
        )
        ask("revoke", grant_id, question, phrases.plain(f"Ya, cabut peran {ROLES[one.role]} dari {one.name}"))


def _take(actor: Actor, grant_id: int, done: Done) -> None:
    try:
        with current.write() as transaction:
            staff.revoke_role(transaction.db, actor=actor, grant_id=grant_id, now=transaction.now)
    except LastAdministrator:
        st.error("Ini admin terakhir yang dapat masuk. Angkat admin lain dahulu.", icon=":material/block:")
    else:
        done("Peran dicabut, dan semua sesi orang itu berakhir.")


def give(actor: Actor, people: Mapping[int, str], places: Mapping[int, str], done: Done) -> None:
    """Choose a person and give a role."""
    with st.form("grant_form", enter_to_submit=False):
        person_id = st.selectbox("Pegawai", people, format_func=people.__getitem__, key="person")
        role = st.radio("Peran", list(ROLES), format_func=ROLES.__getitem__, key="role", horizontal=True)
        unit_id = st.selectbox(
            "Unit (hanya untuk SDM)", places, format_func=places.__getitem__, key="place", index=None
        )
        pressed = st.form_submit_button("Beri peran", key="give", type="primary")
    place = unit_id if role == "hr" else None
    if pressed:
        _act(
            lambda t: staff.grant_role(t.db, actor=actor, person_id=person_id, role=role, unit_id=place, now=t.now),
            "Peran diberikan. Orang itu masuk lagi untuk memakainya.",
            done,
        )


def guard(actor: Actor, people: Mapping[int, str], done: Done) -> None:
    """Choose a person; end their sessions, or let them enrol their second factor anew, after a second button."""
    if agreed := granted("guard"):
        name, person_id = agreed
        _guard(actor, name, person_id, done)
    with st.form("guard_form", enter_to_submit=False):
        person_id = st.selectbox("Pegawai", people, format_func=people.__getitem__, key="guarded")
        pressed = {
            "end": st.form_submit_button(GUARDS["end"], key="end"),
            "reset": st.form_submit_button(GUARDS["reset"], key="reset"),
        }
    for name, label in GUARDS.items():
        if pressed[name]:
            question = f"{label} bagi {people[person_id]}?"
            ask("guard", (name, person_id), phrases.plain(question), f"Ya, {label[0].lower()}{label[1:]}")


def _guard(actor: Actor, name: str, person_id: int, done: Done) -> None:
    if name == "end":
        _act(
            lambda t: staff.end_sessions(t.db, actor=actor, person_id=person_id, now=t.now),
            "Semua sesi orang itu berakhir.",
            done,
        )
    else:
        _act(
            lambda t: second.reset(t.db, actor=actor, person_id=person_id, now=t.now),
            "Verifikasi dua langkah dilepas, dan semua sesi orang itu berakhir. Buat juga kode baru untuknya: kata "
            "sandi yang dibuat sesudah verifikasi dipasang tidak berlaku lagi.",
            done,
        )


def registration_switch(actor: Actor, done: Done) -> None:
    """Say whether people may register themselves, and turn it."""
    with current.read() as transaction:
        opened = registration.is_open(transaction.db)
    st.markdown(
        "Terbuka. Siapa pun dapat mendaftar pada halaman `/daftar`; sertifikat menunggu SDM memastikan orangnya, "
        "dengan impor atau kode."
        if opened
        else "Tertutup. Hanya orang pada daftar pegawai yang memperoleh akun, dengan kode dari SDM."
    )
    # One button for each wish: a second click on the one that is gone reaches nobody.
    wanted, label = (False, "Tutup pendaftaran") if opened else (True, "Buka pendaftaran")
    if st.button(label, key=f"registration_{'open' if wanted else 'close'}"):
        with current.write() as transaction:
            registration.set_open(transaction.db, actor=actor, opened=wanted, now=transaction.now)
        done("Pendaftaran mandiri dibuka." if wanted else "Pendaftaran mandiri ditutup.")


def _act(action: Callable[[Transaction], object], text: str, done: Done) -> None:
    try:
        with current.write() as transaction:
            action(transaction)
    except UnitMissing:
        st.error("Pilih unit untuk peran SDM.", icon=":material/warning:")
    except NotConfirmed:
        st.error(
            "Orang ini belum mengaktifkan akunnya dengan kode. Beri perannya sesudah itu.",
            icon=":material/block:",
        )
    except second.NotEnrolled:
        st.info("Orang ini belum memasang verifikasi dua langkah.", icon=":material/info:")
    else:
        done(text)
