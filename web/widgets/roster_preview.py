"""The preview of an import: how many, who, what changes, and which rows are refused and how to mend them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from people.columns import TITLES
from people.roster import Entry, Plan, RefusedRow
from web import phrases
from web.widgets.persons import cell
from web.widgets.tables import table

Row = TypeVar("Row")
MOST = 100
LISTS = {
    "new": "Baru",
    "moved": "Pindah unit",
    "changed": "Berubah",
    "gone": "Keluar",
    "unchanged": "Tetap",
    "refused": "Ditolak",
}
REFUSED = ("Baris", "NIP / ID", "Nama", "Kolom", "Alasan", "Perbaikan")
WARNED = ("Baris", "NIP / ID", "Nama", "Catatan", "Yang diperiksa")
TAKEN = ("Baris", "NIP / ID", "Nama", "Unit", "Perubahan dan catatan")
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
    # Another file, or other people by now, begins at its first page.
    mark = plan.fingerprint[:12]
    if plan.refused:
        st.subheader(f"{len(plan.refused)} baris ditolak: lihat alasannya")
        _paged("ditolak", mark, REFUSED, plan.refused, _refused)
    if plan.new_units:
        with _list(f"Unit baru ({len(plan.new_units)})", plan.new_units):
            _paged("unit", mark, ("No", "Unit baru"), list(enumerate(plan.new_units, 1)), _unit)
    if warned := [(entry, *pair) for entry in plan.warned for pair in entry.remarks]:
        with _list(f"Catatan ({len(plan.warned)})", warned):
            _paged("catatan", mark, WARNED, warned, _warned)
    for name in ("new", "moved", "changed", "gone"):
        entries: list[Entry] = getattr(plan, name)
        if entries:
            with _list(f"{LISTS[name]} ({len(entries)})", entries):
                _paged(name, mark, TAKEN, entries, _entry)


def _notes(plan: Plan) -> None:
    if plan.table.unread:
        st.info(f"Lembar lain tidak dibaca: {phrases.plain(', '.join(plan.table.unread))}.", icon=":material/info:")
    if plan.table.has_nik:
        st.info("Kolom NIK tidak dibaca dan tidak disimpan.", icon=":material/lock:")
    if plan.table.ignored:
        st.info(f"Kolom yang tidak dipakai: {phrases.plain(plan.table.unused)}.", icon=":material/info:")
    if plan.warned:
        text = f"{len(plan.warned)} baris diberi catatan (△). Baris itu tetap disimpan, tetapi periksalah."
        st.info(text, icon=":material/info:")
    if plan.new_units:
        st.info(f"{len(plan.new_units)} unit baru akan dibuat. Periksa ejaannya di bawah.", icon=":material/info:")
    if plan.gone:
        st.warning(
            "Pegawai yang tidak ada lagi dalam berkas ditandai keluar dan tidak dapat masuk. Datanya tidak dihapus.",
            icon=":material/warning:",
        )
    if plan.adopted:
        moves = "; ".join(f"{one.name} → {one.label}" for one in plan.adopted[:MOST])
        text = f"{len(plan.adopted)} unit yang sudah ada ditempatkan di bawah instansinya: {phrases.plain(moves)}."
        st.info(text, icon=":material/info:")
    if plan.kept:
        names = ", ".join(entry.name for entry in plan.kept[:MOST])
        st.warning(
            f"Tidak ada dalam berkas, tetapi punya peran, tidak dinilai keluar: {len(plan.kept)} orang "
            f"({phrases.plain(names)}). Bila sudah keluar, minta admin mencabut perannya, lalu impor lagi.",
            icon=":material/warning:",
        )
    if plan.withheld:
        st.warning(
            "Karena ada baris ditolak, belum dapat dipastikan siapa yang keluar dari unit yang bersangkutan.",
            icon=":material/warning:",
        )


def _list(title: str, rows: Sequence[object]) -> DeltaGenerator:
    return st.expander(title, expanded=len(rows) <= 10)


def _paged(
    name: str, mark: str, headers: Sequence[str], rows: Sequence[Row], cells: Callable[[Row], Sequence[str]]
) -> None:
    """A table of `MOST` rows, and a way to the others."""
    pages = -(-len(rows) // MOST)
    page = st.pagination(pages, key=f"halaman-{name}-{mark}") if pages > 1 else 1
    table(name, headers, map(cells, rows[(page - 1) * MOST : page * MOST]), numeric=frozenset({0}))


def _refused(row: RefusedRow) -> Sequence[str]:
    # As it was typed: in groups a refused number would look like one that is taken.
    return str(row.row), row.given.replace(" ", "\u00a0"), row.name, row.column, row.reason, row.mend


def _unit(counted: tuple[int, str]) -> Sequence[str]:
    return str(counted[0]), counted[1]


def _warned(said: tuple[Entry, str, str]) -> Sequence[str]:
    entry, remark, mend = said
    return str(entry.row), cell(entry.key), entry.name, remark, mend


def _entry(entry: Entry) -> Sequence[str]:
    return str(entry.row or "–"), cell(entry.key), entry.name, entry.unit, _remarks(entry)


def _remarks(entry: Entry) -> str:
    changed = [
        f"{FIELDS.get(name, name)}: {VALUES.get(old, old) or '(kosong)'} → {VALUES.get(new, new)}"
        for name, (old, new) in entry.changes.items()
    ]
    return "; ".join((*changed, *(f"△ {said}" for said, _ in entry.remarks)))
