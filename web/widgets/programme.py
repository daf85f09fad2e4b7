"""Which programme a learner page is about: the address names it, and every link keeps it."""

import streamlit as st

from modules.catalog import Program
from web import current

PARAMETER = "program"
HOME = "pages/learner/home.py"


def chosen() -> Program:
    """Return the programme that the address names, else the usual one. An unknown name leads home."""
    named = st.query_params.get(PARAMETER)
    if named is None:
        return current.program()
    known = {program.id: program for program in current.library().catalog.programs}
    if named not in known:
        st.switch_page(HOME)
    return known[named]


def named() -> bool:
    """Tell whether the address names a programme."""
    return PARAMETER in st.query_params


def kept(**query: str) -> dict[str, str]:
    """Return the query of a link that stays within the programme of this page."""
    return {PARAMETER: st.query_params[PARAMETER], **query} if named() else query


def within(program_id: str, **query: str) -> dict[str, str]:
    """Return the query of a link into a programme; the usual one needs no name."""
    return query if program_id == current.program().id else {PARAMETER: program_id, **query}


def home_link(label: str = "Ke beranda", icon: str = "home") -> None:
    """Draw the way home, within the same programme."""
    st.page_link(HOME, label=label, icon=f":material/{icon}:", query_params=kept())
