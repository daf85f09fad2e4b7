"""What a button asks for is noted by its callback and done before the page draws anything.

A new session (the server was restarted) knows no callbacks: the first click it hears would be lost without a word.
"""

import streamlit as st


def note(slot: str, what: str, target: int | str) -> None:
    """Note what a button asks for; `slot` is the page's own."""
    st.session_state[slot] = (what, target)


def take(slot: str) -> tuple[str, int | str]:
    """Return what was asked for, once; ("look", "") when nothing was."""
    pressed: tuple[str, int | str] | None = st.session_state.pop(slot, None)
    st.session_state[f"{slot}-heard"] = pressed is not None
    return pressed or ("look", "")


def mend(slot: str, what: str, target: int | str, *, clicked: bool) -> None:
    """Do a click that this session heard before it knew the button."""
    if clicked and not st.session_state[f"{slot}-heard"]:
        note(slot, what, target)
        st.rerun()
