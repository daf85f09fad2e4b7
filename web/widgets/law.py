"""How law is shown: citations in words, caveats, and the one date up to which it was checked."""

from collections.abc import Iterable
from datetime import date

import streamlit as st

from modules.laws import Registry
from web import phrases


def status_line(as_of: date) -> str:
    """Kondisi regulasi per 21 November 2026."""
    return f"Kondisi regulasi per {as_of.day} {phrases.MONTHS[as_of.month - 1]} {as_of.year}"


def basis_box(registry: Registry, basis_ids: Iterable[str], *, caveat: str = "") -> None:
    """Draw the Dasar box: each basis in words with what it says, caveats, and the status date."""
    bases = [registry[basis_id] for basis_id in dict.fromkeys(basis_ids)]
    caveats = dict.fromkeys([*(basis.caveat for basis in bases), caveat])
    with st.container(border=True):
        st.markdown(":material/gavel: **Dasar**")
        st.markdown("\n".join(f"- **{basis.citation}.** {basis.text}" for basis in bases))
        for one in filter(None, caveats):
            st.markdown(f":orange[:material/warning: {one}]")
        st.markdown(f":gray[{status_line(registry.as_of)}.]")


def footing(registry: Registry, basis_ids: Iterable[str]) -> str:
    """Return basis, status date and caveats of a short explanation, as Markdown."""
    known = list(dict.fromkeys(basis_id for basis_id in basis_ids if basis_id in registry))
    lines = [f":gray[:material/gavel: Dasar: {citations(registry, known)}. {status_line(registry.as_of)}.]"]
    return "\n\n".join([*lines, *caveats(registry, known)])


def caveats(registry: Registry, basis_ids: Iterable[str]) -> list[str]:
    """Return each caveat of these bases once, as Markdown."""
    found = dict.fromkeys(registry[basis_id].caveat for basis_id in basis_ids)
    return [f":orange[:material/warning: {caveat}]" for caveat in found if caveat]


def citations(registry: Registry, basis_ids: Iterable[str]) -> str:
    """Return the citations of a short explanation in one line."""
    return "; ".join(registry[basis_id].citation for basis_id in dict.fromkeys(basis_ids))
