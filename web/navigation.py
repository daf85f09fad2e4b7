"""Which pages each role has. Hiding a page is no lock: every action refuses by itself."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from people.roles import Actor


def _page(file: str, title: str, url: str, icon: str, *, hidden: bool = False) -> StreamlitPage:
    return st.Page(
        f"pages/{file}.py",
        title=title,
        url_path=url,
        icon=f":material/{icon}:",
        visibility="hidden" if hidden else "visible",
    )


def pages_for(actor: Actor) -> list[StreamlitPage]:
    """Return the pages that this person's roles open, in menu order."""
    pages = [
        st.Page("pages/learner/home.py", title="Beranda", icon=":material/home:", default=True),
        _page("learner/section", "Bagian", "bagian", "menu_book", hidden=True),
        _page("learner/sorting", "Boleh atau tidak boleh?", "memilah", "fact_check", hidden=True),
        _page("learner/scenario", "Skenario", "skenario", "help", hidden=True),
        _page("learner/quiz", "Kuis", "kuis", "quiz", hidden=True),
        _page("learner/review", "Hasil", "hasil", "fact_check", hidden=True),
        _page("learner/pledge", "Pakta integritas", "pakta", "gavel", hidden=True),
        _page("learner/certificate", "Sertifikat", "sertifikat", "verified"),
        _page("learner/account", "Akun", "akun", "person"),
    ]
    if actor.roles & {"hr", "admin"}:
        pages += [
            _page("hr/completions", "Penyelesaian", "penyelesaian", "fact_check"),
            _page("hr/roster", "Daftar pegawai", "pegawai", "group"),
        ]
    if actor.roles & {"trainer", "hr", "admin"}:
        pages.append(_page("trainer/allowance", "Kelonggaran", "kelonggaran", "schedule"))
    if "admin" in actor.roles:
        pages.append(_page("admin/roles", "Peran", "peran", "lock"))
    if actor.roles & {"author", "admin"}:
        pages.append(_page("author/content", "Materi", "materi", "edit"))
    return pages
