"""Pieces of a reading page: its address, its boxes, and the way to its neighbours."""

from math import ceil

import streamlit as st

from modules.catalog import Module, Program, Section, Step
from web.widgets import programme

SECTION = "pages/learner/section.py"
SORTING = "pages/learner/sorting.py"
OUT_OF_ORDER = "Anda membaca bagian ini di luar urutan program. Kemajuan dicatat sesudah “{}” selesai."


def address(module_id: str, section_id: str) -> dict[str, str]:
    """Return the query that names a section of this programme."""
    return programme.kept(bagian=f"{module_id}/{section_id}")


def section_named(program: Program, text: str) -> tuple[Step, Module, Section]:
    """Return what `module/section` names; an unknown name leads to the first section of the programme."""
    module_id, _, section_id = text.partition("/")
    steps = [step for step in program.head.steps if step.kind == "module"]
    step = next((step for step in steps if step.ref == module_id), steps[0])
    module = program.module(step.ref)
    section = next((section for section in module.sections if section.id == section_id), module.sections[0])
    return step, module, section


def body(section: Section) -> str:
    """Return the text with its headings one level below the page's own, so that no level is left out."""
    return "\n".join(line.removeprefix("#") if line.startswith("### ") else line for line in section.body.split("\n"))


def boxes(section: Section) -> None:
    """Draw the cards Boleh and Dilarang, and the box Hindari where the law is contested."""
    cards = [("green", "check", "Boleh", section.may), ("red", "block", "Dilarang", section.must_not)]
    filled = [card for card in cards if card[3]]
    if filled:
        for column, (colour, icon, word, lines) in zip(st.columns(len(filled)), filled, strict=True):
            with column.container(border=True):
                st.markdown(f":{colour}-badge[:material/{icon}: {word}]")
                st.markdown("\n".join(f"- {line}" for line in lines))
    if section.avoid:
        with st.container(border=True):
            st.markdown(":orange-badge[:material/warning: Hindari]")
            st.markdown("\n".join(f"- {line}" for line in section.avoid))


def opening(module: Module) -> None:
    """Draw what the module is about, what one can do after it, and how long it takes."""
    lines = "\n".join(f"- {objective}" for objective in module.head.objectives)
    with st.container(border=True):
        st.markdown(f"{module.head.summary}\n\n**Sesudah modul ini Anda dapat:**\n\n{lines}")
        st.markdown(f":gray[{len(module.sections)} bagian · sekitar {ceil(module.minutes)} menit]")


def summary_card(module: Module) -> None:
    """Draw what to take along from the module."""
    with st.container(border=True):
        st.markdown(":violet-badge[:material/check_circle: Yang perlu diingat]")
        st.markdown("\n".join(f"- {line}" for line in module.head.takeaways))


def neighbours(step: Step, module: Module, number: int) -> None:
    """Draw Sebelumnya and Berikutnya at equal width; after the last section comes the activity or home."""
    before, after = st.columns(2)
    if number > 1:
        query = address(module.id, module.sections[number - 2].id)
        if before.button("Sebelumnya", icon=":material/arrow_back:", width="stretch"):
            st.switch_page(SECTION, query_params=query)
    if number < len(module.sections):
        query = address(module.id, module.sections[number].id)
        if after.button("Berikutnya", icon=":material/arrow_forward:", width="stretch"):
            st.switch_page(SECTION, query_params=query)
    elif module.sorting and after.button(module.sorting.title, icon=":material/fact_check:", width="stretch"):
        st.switch_page(SORTING, query_params=programme.kept(langkah=step.id))
    elif not module.sorting and after.button("Ke langkah berikutnya", icon=":material/home:", width="stretch"):
        st.switch_page(programme.HOME, query_params=programme.kept())
