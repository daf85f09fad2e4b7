"""The frame of every Streamlit page: who visits, which pages their roles open, what is marked as example."""

import streamlit as st

from people.roles import Actor
from web import current, phrases
from web.navigation import pages_for

st.set_page_config(page_title="SiNetral", page_icon="web/assets/emblem.svg", layout="centered")


def _mark_example(actor: Actor) -> None:
    if actor.is_example:
        st.markdown(f":orange-badge[:material/info: {phrases.EXAMPLE_DATA}]")


with current.admitted() as visitor:
    page = st.navigation(pages_for(visitor), position="top")
    _mark_example(visitor)
    page.run()
