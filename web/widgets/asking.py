"""A second button before what cannot be taken back: it names the person and what will happen."""

from typing import Any

import streamlit as st


def ask(place: str, wanted: object, question: str, label: str) -> None:
    """Draw the question; its yes hands `wanted` to `granted` in the next run, anything else drops it.

    Nothing waits in between: a question that was left alone is not there any more when somebody comes back.
    `label` is the button's; both texts are drawn as Markdown, so people's words are escaped by the caller.
    """
    st.warning(question, icon=":material/warning:")
    with st.container(horizontal=True):
        st.button(label, key=f"{place}-yes", type="primary", on_click=_grant, args=(place, wanted))
        st.button("Batal", key=f"{place}-no")


def _grant(place: str, wanted: object) -> None:
    st.session_state[f"{place}-granted"] = wanted


def granted(place: str) -> Any:
    """Return what was just agreed to, once; None when nothing was."""
    return st.session_state.pop(f"{place}-granted", None)
