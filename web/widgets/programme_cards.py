"""Programmes beside one another: the choice on the home page, and what is left before each certificate."""

from collections.abc import Sequence

import streamlit as st

from certificates.issuing import Status
from modules.catalog import Program
from quizzes.journey import StepState
from web import phrases
from web.widgets import programme, refusals
from web.widgets.steps import percent_done

PLEDGE = "pages/learner/pledge.py"


def choice(here: Program, found: Sequence[tuple[Program, Sequence[StepState]]]) -> None:
    """Draw one card for each programme: its title, how far one is, how long it takes, and the way in."""
    st.header("Program Anda", anchor=False)
    for program, states in found:
        with st.container(border=True, key=f"program-{program.id}"):
            words = f"{standing_in_words(program, states)} · {program.jp} JP · sekitar {program.minutes} menit"
            st.markdown(f"**{phrases.plain(program.head.title)}**  \n:gray[{words}]")
            if program.id == here.id:
                st.markdown(":violet-badge[:material/radio_button_partial: Sedang dibuka]")
            elif st.button(f"Buka {program.head.title}", key=f"buka-{program.id}", width="stretch"):
                st.switch_page(programme.HOME, query_params=programme.within(program.id))


def standing_in_words(program: Program, states: Sequence[StepState]) -> str:
    """Return how far a person is in a programme, in words."""
    if all(state.state in ("open", "locked") for state in states):
        return "Belum dimulai"
    if any(state.lapsed for state in states):
        return "Perlu disegarkan"
    percent = percent_done(program, states)
    return "Selesai" if percent == 100 else f"{percent} % selesai"


def remaining(program: Program, status: Status) -> None:
    """Say what is left to do before this programme's certificate."""
    if status.state not in ("passed_without_pledge", "waiting"):
        return
    if status.refusal is not None:
        st.warning(phrases.plain(refusals.words(status.refusal)), icon=":material/warning:")
        if not refusals.mends_at_pledge(status.refusal):
            return
    title = phrases.plain(program.head.title)
    words = f"Anda sudah lulus {title}. Tinggal satu langkah lagi untuk memperoleh sertifikat."
    st.info(words, icon=":material/gavel:")
    query = programme.within(program.id)
    st.page_link(PLEDGE, label="Buka pakta integritas", icon=":material/gavel:", query_params=query)
