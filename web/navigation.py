"""Which pages each role has. Hiding a page is no lock: every action refuses by itself."""

from copy import copy
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from people.roles import Actor

WIDE = frozenset({"penyelesaian", "pegawai", "kelonggaran", "peran", "materi"})
"""Pages with tables; all others keep to one column that reads well."""


def _page(file: str, title: str, url: str, icon: str, *, hidden: bool = False, default: bool = False) -> StreamlitPage:
    context = get_script_run_ctx(suppress_warning=True)
    folder = context.pages_manager.main_script_parent if context else None
    return copy(_made(folder, file, title, url, icon, hidden, default))


@lru_cache(maxsize=128)
def _made(
    _folder: Path | None, file: str, title: str, url: str, icon: str, hidden: bool, default: bool
) -> StreamlitPage:
    """Make a page once and let every run take a copy: Streamlit looks for its file, which takes a fifth of a run."""
    return st.Page(
        f"pages/{file}.py",
        title=title,
        url_path=url or None,
        icon=f":material/{icon}:",
        default=default,
        visibility="hidden" if hidden else "visible",
    )


def pages_for(actor: Actor) -> list[StreamlitPage]:
    """Return the pages that this person's roles open, in menu order; at most four of them are in the menu."""
    return [*_learning(actor), *_working(actor), _page("learner/account", "Akun", "akun", "person")]


def _learning(actor: Actor) -> list[StreamlitPage]:
    return [
        _page("learner/home", "Beranda", "", "home", default=True, hidden="admin" in actor.roles),  # from Akun
        _page("learner/section", "Bagian", "bagian", "menu_book", hidden=True),
        _page("learner/sorting", "Boleh atau tidak boleh?", "memilah", "fact_check", hidden=True),
        _page("learner/scenario", "Skenario", "skenario", "help", hidden=True),
        _page("learner/quiz", "Kuis", "kuis", "quiz", hidden=True),
        _page("learner/review", "Hasil", "hasil", "fact_check", hidden=True),
        _page("learner/pledge", "Pakta integritas", "pakta", "gavel", hidden=True),
        # Staff reach their certificate from Beranda, so that their own work fits into the menu.
        _page("learner/certificate", "Sertifikat", "sertifikat", "verified", hidden=bool(actor.roles)),
    ]


def _working(actor: Actor) -> list[StreamlitPage]:
    pages = []
    if actor.roles & {"hr", "admin"}:
        pages.append(_page("hr/completions", "Penyelesaian", "penyelesaian", "fact_check"))
        pages.append(_page("hr/roster", "Daftar pegawai", "pegawai", "group"))
        pages.append(_page("hr/revoke", "Cabut sertifikat", "cabut", "block", hidden=True))  # from Penyelesaian
    if actor.roles & {"trainer", "hr", "admin"}:
        linked = bool(actor.roles & {"hr", "admin"})  # from Penyelesaian
        pages.append(_page("trainer/allowance", "Kelonggaran", "kelonggaran", "schedule", hidden=linked))
    if "admin" in actor.roles:
        pages.append(_page("admin/roles", "Peran", "peran", "lock"))
    if actor.roles & {"author", "admin"}:
        linked = "admin" in actor.roles  # from Peran
        pages.append(_page("author/content", "Materi", "materi", "edit", hidden=linked))
    return pages
