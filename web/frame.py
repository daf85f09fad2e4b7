"""The frame of every Streamlit page: who visits, which pages their roles open, what is marked as example."""

from typing import Literal

import streamlit as st

from people.roles import Actor
from web import current, phrases
from web.navigation import WIDE, pages_for
from web.turns import TURNS


def _mark_example(actor: Actor) -> None:
    if actor.is_example:
        st.markdown(f":orange-badge[:material/info: {phrases.EXAMPLE_DATA}]")


with TURNS.take(), current.admitted() as visitor:
    page = st.navigation(pages_for(visitor), position="top")
    layout: Literal["wide", "centered"] = "wide" if page.url_path in WIDE else "centered"
    st.set_page_config(page_title=f"{page.title} · SiNetral", layout=layout)
    _mark_example(visitor)
    page.run()
