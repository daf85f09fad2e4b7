"""Pieces of the completion page: its filters, its rows and the address of its files."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import streamlit as st
from sqlalchemy import Connection

from certificates import issuing
from modules.catalog import Program
from people.roles import Actor
from reports import exports
from reports.exports import Kind
from reports.rows import STATUSES, Completion, Filter, Status
from web import current, phrases
from web.widgets import refusals
from web.widgets.persons import cell
from web.widgets.tables import Cell, Link

HEADERS = ("NIP / ID", "Nama", "Unit", "Status", "Nilai", "Tanggal", "Sertifikat")
SCORE = frozenset({4})
NAMED = 10
# By whether an administrator reads it.
PLACEHOLDER_MEND = {
    True: "Isi keduanya seperti tertulis dalam docs/operating.md, bagian Issuer, lalu jalankan ulang server.",
    False: "Minta admin mengisi keduanya dan menjalankan ulang server.",
}
FILES: dict[Kind, str] = {"xlsx": "Unduh XLSX", "csv": "Unduh CSV"}


def choose_filter(units: Mapping[int, str]) -> Filter:
    """Draw the filters and return what they say; the status has its own chips."""
    unit_id = st.selectbox(
        "Unit", [None, *units], format_func=lambda one: units[one] if one else "Semua unit", key="unit"
    )
    first = st.date_input("Lulus atau terbit sejak", value=None, format="DD/MM/YYYY", key="first", width=190)
    last = st.date_input("Sampai dengan", value=None, format="DD/MM/YYYY", key="last", width=190)
    text = st.text_input("Nama atau NIP", max_chars=120, key="text", width=190)
    return Filter(unit_id=unit_id, day_from=first, day_to=last, text=text.strip())


def choose_status(people: Mapping[Status, int]) -> Status | None:
    """Draw the figures as chips; none chosen means all."""
    labels = {status: f"{STATUSES[status]} · {count}" for status, count in people.items()}
    return st.pills("Status", list(STATUSES), format_func=lambda one: labels[one], key="status")


def cells(person: Completion) -> list[Cell]:
    """Return one person's row."""
    return [
        cell(person.identifier),
        person.name,
        person.unit,
        STATUSES[person.status],
        "" if person.score is None else str(person.score),
        phrases.short_date(person.finished_at, person.zone) if person.finished_at else "",
        Link(person.number, f"/sertifikat/{person.certificate_id}.pdf") if person.certificate_id else "",
    ]


def download_address(actor: Actor, kind: Kind, program_id: str, wanted: Filter) -> str:
    """Return where this very list is downloaded; it is noted once, however often the page runs."""
    with current.read() as transaction:
        known = exports.find(transaction.db, actor=actor, kind=kind, program_id=program_id, wanted=wanted)
    if known is not None:
        return f"/unduh/{known}"
    with current.write() as transaction:
        db, now = transaction.db, transaction.now
        new = exports.prepare(db, actor=actor, kind=kind, program_id=program_id, wanted=wanted, now=now)
    return f"/unduh/{new}"


def warn_of_placeholders(actor: Actor, programs: Iterable[Program]) -> None:
    """Say before the first learner has finished that nobody real gets a certificate yet."""
    found = [program.head.title for program in programs if program.placeholder]
    if not found or actor.is_example:
        return
    words = f"Sertifikat {' dan '.join(found)} belum dapat diterbitkan: penerbit atau penanda tangan masih contoh."
    st.warning(f"{phrases.plain(words)} {PLACEHOLDER_MEND['admin' in actor.roles]}", icon=":material/warning:")


def held(db: Connection, shown: Iterable[Completion], program: Program, now: datetime) -> dict[str, list[str]]:
    """Return why the certificates of those who wait are held back, in words for HR, with the names."""
    reasons: dict[str, list[str]] = {}
    waiting = {person.person_id: person.name for person in shown if person.status == "waiting"}
    found = issuing.held(db, person_ids=waiting, program=program, now=now) if waiting else {}
    for person_id, name in waiting.items():
        reasons.setdefault(refusals.for_hr(found.get(person_id)), []).append(name)
    return reasons


def explain(reasons: Mapping[str, Sequence[str]]) -> None:
    """Say what HR must do for those of the page who wait for their certificate."""
    if not reasons:
        return
    with st.expander("Menunggu penerbitan: yang perlu dilakukan", icon=":material/info:", expanded=True):
        for words, names in reasons.items():
            more = f" dan {len(names) - NAMED} lainnya" if len(names) > NAMED else ""
            st.markdown(f"{phrases.plain(words)}\n\n:gray[{phrases.plain('; '.join(names[:NAMED]))}{more}]")
