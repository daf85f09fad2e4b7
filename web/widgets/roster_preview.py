"""The preview of an import: how many, who, what changes, and which rows are refused and how to mend them."""

from collections.abc import Sequence

import streamlit as st

from people import words
from people.columns import TITLES
from people.roster import Entry, Plan, RefusedRow
from web import phrases
from web.widgets.persons import cell
from web.widgets.tables import table

MOST = 100
LISTS = {
    "new": "Baru",
    "moved": "Pindah unit",
    "changed": "Berubah",
    "gone": "Keluar",
    "unchanged": "Tetap",
    "refused": "Ditolak",
}
FIELDS = {**TITLES, "state": "Status", "assurance": "Identitas"}
VALUES = {"gone": "keluar", "active": "aktif", "pns": "PNS", "pppk": "PPPK", "non_asn": "non-ASN"}


def counts(plan: Plan) -> str:
    """4 baru · 1 berubah · 1 ditolak."""
    return " · ".join(f"{count} {LISTS[name].lower()}" for name, count in plan.counts.items() if count) or "0 baris"


def show(plan: Plan) -> None:
    """Draw the whole preview."""
    with st.container(horizontal=True):
        for name, count in plan.counts.items():
            st.metric(LISTS[name], count, width="content")
    _notes(plan)
    if plan.refused:
        st.subheader(f"{len(plan.refused)} baris ditolak: lihat alasannya")
        _refused(plan.refused)
    for name in ("new", "moved", "changed", "gone"):
        entries: list[Entry] = getattr(plan, name)
        if entries:
            with st.expander(f"{LISTS[name]} ({len(entries)})", expanded=len(entries) <= 10):
                _entries(name, entries)


def _notes(plan: Plan) -> None:
    if plan.table.unread:
        st.info(f"Lembar lain tidak dibaca: {phrases.plain(', '.join(plan.table.unread))}.", icon=":material/info:")
    if plan.table.has_nik:
        st.info("Kolom NIK tidak dibaca dan tidak disimpan.", icon=":material/lock:")
    if plan.table.ignored:
        st.info(f"Kolom yang tidak dipakai: {len(plan.table.ignored)}.", icon=":material/info:")
    if plan.new_units:
        st.info(f"{len(plan.new_units)} unit baru akan dibuat.", icon=":material/info:")
    if plan.gone:
        st.warning(
            "Pegawai yang tidak ada lagi dalam berkas ditandai keluar dan tidak dapat masuk. Datanya tidak dihapus.",
            icon=":material/warning:",
        )
    if plan.withheld:
        st.warning(
            "Karena ada baris ditolak, belum dapat dipastikan siapa yang keluar dari unit yang bersangkutan.",
            icon=":material/warning:",
        )


def _refused(rows: Sequence[RefusedRow]) -> None:
    table(
        "ditolak",
        ("Baris", "NIP / ID", "Nama", "Kolom", "Alasan", "Perbaikan"),
        [(str(row.row), cell(row.given), row.name, row.column, row.reason, row.mend) for row in rows[:MOST]],
        numeric=frozenset({0}),
    )
    _more(len(rows))


def _entries(name: str, entries: Sequence[Entry]) -> None:
    table(
        name,
        ("Baris", "NIP / ID", "Nama", "Unit", "Perubahan dan catatan"),
        [(str(e.row or "–"), cell(e.key), e.name, e.unit, _remarks(e)) for e in entries[:MOST]],
        numeric=frozenset({0}),
    )
    _more(len(entries))


def _more(total: int) -> None:
    if total > MOST:
        st.markdown(f":gray[… dan {total - MOST} baris lagi.]")


def _remarks(entry: Entry) -> str:
    changed = [
        f"{FIELDS.get(name, name)}: {VALUES.get(old, old) or '(kosong)'} → {VALUES.get(new, new)}"
        for name, (old, new) in entry.changes.items()
    ]
    warned = [words.ALL[code][0].format(made=entry.key) for code in entry.warnings]
    return "; ".join((*changed, *(f"△ {text}" for text in warned)))
