"""Which column of a roster is which: headers as Indonesian offices write them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from people.sheets import HEADER_WITHIN, Cell, FileRefused, Line

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "nip": (
        *("nip", "nip baru", "nip 18 digit", "nip 18 angka", "nomor induk pegawai", "no induk pegawai", "nip asn"),
        *("nip pns", "nip nipppk", "nip ni pppk", "nip nippk", "nip nik", "nik nip", "ni pppk", "ni pppk nip"),
        *("no nip", "nomor nip", "nip pegawai", "nip nrp", "nomor induk pegawai nip", "nip pppk", "nomor induk pppk"),
    ),
    "name": (
        *("nama", "nama lengkap", "nama pegawai", "nama asn", "nama peserta", "nama lengkap dan gelar"),
        *("nama dan gelar", "nama gelar", "nama lengkap gelar", "nama lengkap dengan gelar", "nama pns"),
        *("nama sesuai ktp", "nama lengkap sesuai ktp"),
    ),
    "email": ("email", "surel", "alamat email", "alamat surel", "email dinas"),
    "phone": (
        *("no hp", "nomor hp", "hp", "no telepon", "nomor telepon", "telepon", "no telp", "telp", "no wa"),
        *("nomor wa", "whatsapp", "no whatsapp", "nomor whatsapp", "handphone", "no handphone", "nomor ponsel"),
    ),
    "position": ("jabatan", "nama jabatan", "jabatan terakhir", "jabatan saat ini"),
    "unit": (
        *("unit kerja", "unit", "nama unit", "nama unit kerja", "unor", "unor nama", "unit organisasi"),
        *("satuan kerja", "satker", "opd unit kerja", "unit kerja opd", "unit kerja instansi"),
    ),
    # The unit where it stands alone; beside Unit Kerja the one above it.
    "office": (
        *("opd", "skpd", "perangkat daerah", "nama opd", "nama skpd", "nama perangkat daerah", "perangkat daerah opd"),
        *("organisasi perangkat daerah", "organisasi perangkat daerah opd", "unor induk", "unor induk nama"),
    ),
    "agency": ("instansi", "nama instansi", "instansi kerja", "instansi induk", "pemerintah daerah"),
    "subunit": ("sub unit", "sub unit kerja", "sub unit organisasi", "bidang"),
    "kind": (
        *("status", "status pegawai", "jenis pegawai", "status kepegawaian", "jenis kepegawaian", "jenis asn"),
        *("status asn", "status jenis pegawai", "jenis status pegawai"),
    ),
    "employee_id": ("id pegawai", "no pegawai", "nomor pegawai", "nomor id pegawai", "no id pegawai", "id karyawan"),
    "birth": ("tanggal lahir", "tgl lahir", "tanggal lahir dd mm yyyy"),
    "sex": ("jenis kelamin", "jk", "l p", "kelamin"),
    "nik": ("nik", "no ktp", "nomor ktp", "ktp", "no nik", "nomor nik", "nik ktp", "nomor induk kependudukan"),
}
TITLES: Mapping[str, str] = {
    "nip": "NIP",
    "name": "Nama",
    "email": "Email",
    "phone": "No HP",
    "position": "Jabatan",
    "unit": "Unit Kerja",
    "agency": "Instansi",
    "subunit": "Sub-unit",
    "kind": "Jenis Pegawai",
    "employee_id": "ID Pegawai",
    "birth": "Tanggal Lahir",
    "sex": "Jenis Kelamin",
    "nik": "NIK",
}
_FIELD = {synonym.replace(" ", ""): field for field, synonyms in SYNONYMS.items() for synonym in synonyms}
# Two of these cannot both be right; of two phone columns the first may win.
_UNIQUE = frozenset({"nip", "name", "unit", "office", "employee_id"})
_NIK_WORDS = frozenset({"nik", "ktp", "kependudukan"})
_FEWEST = 2


@dataclass(frozen=True)
class Header:
    """Where the header row is and which field stands in which column (counted from 0)."""

    line: int
    columns: Mapping[str, int]
    titles: Sequence[Cell]
    ignored: tuple[str, ...]
    has_office: bool = False

    def title(self, field: str) -> str:
        """Return how messages name a column: units as the file does, for their columns may change places."""
        at = self.columns.get(field) if field in ("unit", "subunit") else None
        return TITLES.get(field, "") if at is None else " ".join(str(self.titles[at]).split())


def field_of(title: Cell) -> str | None:
    """Return the field that a header names: letters and digits count; capitals, blanks and punctuation do not."""
    if not isinstance(title, str) or len(title) > 60:
        return None
    said = re.findall(r"[a-z0-9]+", title.casefold())
    return _FIELD.get("".join(said)) or ("nik" if not _NIK_WORDS.isdisjoint(said) else None)


def score(cells: Sequence[Cell]) -> int:
    """Tell how many different known headers a row has."""
    return len({field_of(cell) for cell in cells} - {None})


def is_list(lines: Sequence[Line]) -> bool:
    """Tell whether lines hold people: names and units under their headers, even if the number's header is unknown."""
    best = max(lines[:HEADER_WITHIN], key=lambda line: score(line.cells), default=None)
    fields = [field_of(cell) for cell in best.cells] if best else []
    if best is None or "name" not in fields or {"unit", "office"}.isdisjoint(fields):
        return False
    at = fields.index("name")
    below = (line.cells[at : at + 1] for line in lines if line.number > best.number)
    return any(isinstance(name, str) and any(map(str.isalpha, name)) for cells in below for name in cells)


def find(lines: Sequence[Line]) -> Header:
    """Find the header row among the first lines. Raises FileRefused, naming the column that is missing."""
    best = max(lines[:HEADER_WITHIN], key=lambda line: score(line.cells), default=None)
    if best is None or score(best.cells) < _FEWEST:
        raise FileRefused("header_missing")
    columns: dict[str, int] = {}
    ignored: list[str] = []
    for index, title in enumerate(best.cells):
        field = field_of(title)
        if field is None or (field in columns and field not in _UNIQUE):
            ignored += [str(title).strip()] if title != "" and index < 50 else []
        elif field in columns:
            raise FileRefused("header_twice", f"{best.cells[columns[field]]} dan {title}")
        else:
            columns[field] = index
    has_office = "office" in columns
    if has_office:
        if "unit" in columns:
            ignored += [str(best.cells[columns["subunit"]]).strip()] if "subunit" in columns else []
            columns["subunit"] = columns["unit"]
        columns["unit"] = columns.pop("office")
    _check(columns)
    return Header(best.number, columns, best.cells, tuple(ignored), has_office)


def _check(columns: Mapping[str, int]) -> None:
    if "name" not in columns:
        raise FileRefused("header_name")
    if "unit" not in columns:
        raise FileRefused("header_unit")
    if "nip" not in columns and "employee_id" not in columns:
        raise FileRefused("header_key")
