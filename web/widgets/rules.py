"""The acts of a section one by one: the ruling in a word, the phases, why, and on which basis."""

from typing import Literal

import streamlit as st

from modules.catalog import PHASE_NAMES, Module, Rule, Section
from modules.laws import Registry
from web.widgets import law

Ruling = Literal["boleh", "wajib", "anjuran", "hindari", "dilarang"]
WORDS: dict[Ruling, tuple[str, str, str]] = {
    "boleh": ("Boleh", "check", "green"),
    "wajib": ("Wajib", "gavel", "violet"),
    "anjuran": ("Dianjurkan", "check_circle", "green"),
    "hindari": ("Hindari", "warning", "orange"),
    "dilarang": ("Dilarang", "block", "red"),
}


def listed(registry: Registry, module: Module, section: Section) -> None:
    """Draw every act of a section with its basis; nothing where the module has no list."""
    found = [rule for rule in module.rules if rule.section == section.id]
    if not found:
        return
    with st.expander(f"Semua butir bagian ini beserta dasarnya ({len(found)})", icon=":material/fact_check:"):
        st.markdown("\n\n".join(_line(registry, rule) for rule in found))
        notes = law.caveats(registry, [basis_id for rule in found for basis_id in rule.basis])
        st.markdown("\n\n".join([*notes, f":gray[{law.status_line(registry.as_of)}.]"]))


def _line(registry: Registry, rule: Rule) -> str:
    word, icon, colour = WORDS[rule.ruling]
    phases = ", ".join(PHASE_NAMES[phase].lower() for phase in rule.phases)
    basis = law.citations(registry, rule.basis)
    return (
        f":{colour}-badge[:material/{icon}: {word}] :gray[{phases}]  \n"
        f"**{rule.text}** {rule.why}  \n:gray[:material/gavel: {basis}]"
    )
