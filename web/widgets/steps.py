"""The steps of a programme on the home page: where to go on, and each step's state in words."""

from collections.abc import Sequence

import streamlit as st

from modules.catalog import Module, Program
from modules.progress import Place, Reading
from quizzes.journey import State, StepState
from web import phrases
from web.widgets import programme
from web.widgets.reading import SECTION, SORTING, address

PAGES = {
    "quiz": "pages/learner/quiz.py",
    "scenario": "pages/learner/scenario.py",
    "pledge": "pages/learner/pledge.py",
    "certificate": "pages/learner/certificate.py",
}
ICONS: dict[State, tuple[str, str]] = {
    "done": ("check_circle", "green"),
    "started": ("radio_button_partial", "violet"),
    "open": ("circle", "violet"),
    "locked": ("lock", "gray"),
}
LAPSED = ("history", "orange")


def percent_done(program: Program, states: Sequence[StepState]) -> int:
    """Return how much of the programme's minutes lie behind; 100 only when every step is done."""
    left = sum(state.minutes_left for state in states)
    if all(state.state == "done" for state in states):
        return 100
    return min(99, round(100 * (1 - left / max(1, program.minutes))))


def next_state(states: Sequence[StepState], place: Place | None) -> StepState | None:
    """Return the step to go on with: the one last visited while open, else the first that is not done, or lapsed."""
    open_states = [state for state in states if state.state in ("started", "open")]
    visited = [state for state in open_states if place and state.step.id == place.step_id]
    return next(iter(visited or open_states or [state for state in states if state.lapsed]), None)


def section_to_read(module: Module, reading: Reading, place: Place | None, step_id: str) -> str | None:
    """Return the section to open: the last visited one while unfinished, else the first unfinished one."""
    unread = [section.id for section in module.sections if (module.id, section.id) not in reading.completed]
    if place and place.step_id == step_id and place.detail in unread:
        return place.detail
    return next(iter(unread), None)


def go(program: Program, state: StepState, reading: Reading, place: Place | None) -> None:
    """Leave for the very place where this step goes on."""
    step = state.step
    if step.kind != "module":
        st.switch_page(PAGES[step.kind], query_params=programme.kept(langkah=step.id))
    module = program.module(step.ref)
    section_id = section_to_read(module, reading, place, step.id)
    if section_id is None and state.cards_done < state.cards_total:
        st.switch_page(SORTING, query_params=programme.kept(langkah=step.id))
    st.switch_page(SECTION, query_params=address(module.id, section_id or module.sections[0].id))


def place_in_words(program: Program, state: StepState, reading: Reading, place: Place | None) -> str:
    """Return where the step goes on, in words."""
    if state.step.kind == "module":
        module = program.module(state.step.ref)
        section_id = section_to_read(module, reading, place, state.step.id)
        if section_id is None:
            return f"{module.sorting.title if module.sorting else module.title}."
        number = [section.id for section in module.sections].index(section_id) + 1
        return f"Bagian {number} dari {state.total} · {module.section(section_id).title}."
    if state.step.kind == "quiz" and state.state == "started" and state.done < state.total:
        return f"{state.done} dari {state.total} soal sudah dijawab."
    return f"Sekitar {max(1, state.minutes_left)} menit."


def state_in_words(state: StepState, zone: str) -> str:
    """Return a step's state in words."""
    if state.state == "locked":
        return f"Terbuka setelah “{state.locked_by}” selesai."
    if state.step.kind == "module":
        return _module_in_words(state)
    score = f" · nilai {state.score}" if state.score is not None and state.step.kind == "quiz" else ""
    if state.lapsed and state.valid_until is not None:
        return f"Masa berlaku lewat {phrases.long_date(state.valid_until, zone)}. Segarkan lagi."
    if state.state == "done":
        until = f" · berlaku sampai {phrases.long_date(state.valid_until, zone)}" if state.valid_until else ""
        return f"Selesai{score}{until}"
    if state.passed is False:
        return f"Belum lulus{score}"
    size = f"{state.total} soal · " if state.total else ""
    return f"{size}sekitar {max(1, state.minutes_left)} menit".capitalize()


def _module_in_words(state: StepState) -> str:
    if state.state == "done":
        return f"Selesai · {state.total} bagian"
    cards = f" · {state.cards_done} dari {state.cards_total} kartu" if state.cards_total else ""
    return f"{state.done} dari {state.total} bagian{cards} · sekitar {state.minutes_left} menit"


def row(program: Program, state: StepState, reading: Reading, place: Place | None, zone: str) -> None:
    """Draw one step: icon, name as a way in, muted state."""
    icon, colour = LAPSED if state.lapsed else ICONS[state.state]
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        st.markdown(f":{colour}[:material/{icon}:]", width="content")
        # One element of two lines: each element of a page goes over the wire with every run.
        st.markdown(f"**{state.step.title}**  \n:gray[{state_in_words(state, zone)}]", width="stretch")
        if state.state != "locked":
            label = "Ulangi" if state.lapsed else "Lihat" if state.state == "done" else "Buka"
            # The title in bold is heard, not seen (app.css): it stands beside the button already.
            if st.button(f"{label} **{phrases.plain(state.step.title)}**", key=f"step-{state.step.id}"):
                go(program, state, reading, place)
