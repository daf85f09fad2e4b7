"""The choice of a role before a scenario that is told by role: full-width buttons, open until the first decision."""

from dataclasses import dataclass

import streamlit as st

from modules.catalog import Program, Role, Step
from people.roles import Actor
from quizzes import casting, journey
from web import current, phrases
from web.widgets import pressing

PRESS = "peran-tombol"


@dataclass(frozen=True)
class Part:
    """What a person plays: the scenario, and the role where it is told by role; `fixed` once they have decided."""

    scenario_id: str
    role: Role | None = None
    fixed: bool = True


def settle(actor: Actor, program: Program, step: Step) -> Part | None:
    """Return what this person plays; None while they still choose a role, and then the choice is drawn.

    Raises journey.Locked before a choice that may not be made yet.
    """
    if not step.by_role:
        return Part(step.ref)
    pressed = _pressed()
    if pressed is not None:
        _choose(actor, program, pressed)
    who = actor.person_id
    with current.read() as transaction:
        role = casting.role_of(transaction.db, person_id=who, program=program)
        fixed = role is not None and casting.is_fixed(transaction.db, person_id=who, program=program)
        if role is None:
            library = current.library()
            journey.require_open(transaction.db, library=library, program=program, person_id=who, step_id=step.id)
    if role is None:
        _ask(program, step)
        return None
    return Part(step.variant(role.id), role, fixed)


def _pressed() -> str | None:
    what, target = pressing.take(PRESS)
    return str(target) if what == "role" else None


def _choose(actor: Actor, program: Program, role_id: str) -> None:
    try:
        with current.write() as transaction:
            casting.choose(transaction.db, actor=actor, program=program, role_id=role_id, now=transaction.now)
    except casting.RoleFixed:
        words = "Peran tidak dapat diganti lagi, karena Anda sudah mengambil keputusan."
        st.info(words, icon=":material/info:")


def _ask(program: Program, step: Step) -> None:
    st.title(phrases.plain(step.title), anchor=False)
    st.markdown(
        "Pilih peran yang paling dekat dengan pekerjaan Anda. Cerita mengikuti peran itu. Tujuan dan nilainya sama "
        "untuk semua peran. Anda boleh menggantinya sampai keputusan pertama."
    )
    for role in program.head.roles:
        _button(role, role.title)


def played(program: Program, part: Part, *, decided: bool) -> None:
    """Say which role is played; until the first decision, offer the others."""
    role = part.role
    if role is None:
        return
    st.markdown(f":violet-badge[:material/person: Peran Anda: {phrases.plain(role.title)}]")
    if part.fixed or decided:
        return
    with st.expander("Ganti peran", icon=":material/sync:"):
        for other in program.head.roles:
            if other.id != role.id:
                _button(other, f"Ganti ke {other.title}")


def _button(role: Role, label: str) -> None:
    pressed = (PRESS, "role", role.id)
    with st.container(gap="xsmall"):
        clicked = st.button(label, key=f"peran-{role.id}", on_click=pressing.note, args=pressed, width="stretch")
        st.markdown(f":gray[{phrases.plain(role.summary)}]")
    pressing.mend(*pressed, clicked=clicked)
