"""One row of a roster: who it names and where they work, or why it is refused and how to mend it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from people import births, kinds, words
from people import nip as nips
from people.codes import ALPHABET
from people.columns import Header
from people.sheets import MOST_CHARACTERS, Cell, Line

Path = tuple[str, ...]
"""Names from the top of the unit tree; one that begins with "" names a unit without its agency."""
_LONGEST_NAME = 200
_LONGEST_ID = 40
_EXACT_FLOAT = 1e15
_NIP_LENGTH = 18
_NIK_LENGTH = 16
_NIK = re.compile(r"(?<!\d)\d(?:[ .-]?\d){15}(?![ .-]?\d)", re.ASCII)
_RUN_OF_NIP = re.compile(r"\d{18}")
_SHORT = 24
MADE_LETTERS = 10
_EMAIL = re.compile(r"[^\s@<>()\",;:]{1,64}@[^\s@<>()\",;:]+\.[a-zA-Z]{2,}")
_PHONE = re.compile(r"\+?\d{8,15}", re.ASCII)
_NIK_IN = (("position", "position_nik"), ("email", "email_nik"), ("phone", "phone_nik"))
_PHONE_MARKS = re.compile(r"[\s.\-()']")


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken. `key` and `path` say whom and which unit it names, as far as that can be read;
    `name` and `given`, the number as it was typed, help to find the row again. What may be a NIK is never kept."""

    row: int
    column: str
    code: str
    other: str = ""
    key: str = ""
    path: Path = ()
    name: str = ""
    given: str = ""

    @property
    def reason(self) -> str:
        """What is wrong, in words."""
        return words.ALL[self.code][0].format(other=self.other)

    @property
    def mend(self) -> str:
        """What to do, in words."""
        return words.ALL[self.code][1]

    @property
    def sentence(self) -> str:
        """Row, column, reason and mend in one line."""
        return words.sentence(self.code, row=self.row, column=self.column, other=self.other)


class RosterRow(NamedTuple):
    """A row that can be taken: a NIP, or an employee id where there is none. `details` holds filled columns only."""

    row: int
    nip: str | None
    employee_id: str | None
    name: str
    kind: str
    path: Path
    details: Mapping[str, str]
    warnings: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the person is known by: the NIP, else the employee id."""
        return self.nip or self.employee_id or ""

    @property
    def unnumbered(self) -> bool:
        """Whether the file gives neither NIP nor id: then `employee_id` is made here."""
        return "id_made" in self.warnings


class _Refuse(Exception):
    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.code = code


def check(line: Line, header: Header, *, today: date) -> RosterRow | RefusedRow | None:
    """Read one line under its header; None for a line that names nobody (blank, numbering, header again)."""
    cells: dict[str, Cell] = {}
    texts: dict[str, str] = {}
    try:
        for field, at in header.columns.items():
            if at < len(line.cells) and (cell := line.cells[at]) != "" and field != "nik":
                cells[field] = cell
                texts[field] = _text(field, cell)
        # Offices leave OPD empty where Unit Kerja says it all.
        if header.has_office and not texts.get("unit") and texts.get("subunit"):
            texts["unit"] = texts.pop("subunit")
        if len(line.cells) > len(header.titles) and any(line.cells[len(header.titles) :]):
            raise _Refuse("", "cells_many")
        return _row(line.number, cells, texts, today)
    except _Refuse as refused:
        if (
            not any(str(cell).strip() for cell in cells.values())
            or line.cells == header.titles
            or _is_numbering(line.cells)
        ):
            return None
        key = nips.normalised(texts.get("nip", ""))
        known = _without_nik(key if len(key) == _NIP_LENGTH else texts.get("employee_id", "").upper())
        name, given = _without_nik(texts.get("name", ""))[:_LONGEST_NAME], _given(texts)
        column, path = header.title(refused.field), _readable_path(texts)
        return RefusedRow(line.number, column, refused.code, key=known, path=path, name=name, given=given)


def _given(texts: Mapping[str, str]) -> str:
    """Return the number as typed where it is short and cannot be a NIK."""
    text = texts.get("nip") or texts.get("employee_id", "")
    digits = sum(char.isdigit() for char in text)
    return _without_nik(text) if len(text) <= _SHORT and digits != _NIK_LENGTH else ""


def _without_nik(text: str) -> str:
    return "" if _NIK.search(text) else text


def _is_numbering(cells: Sequence[Cell]) -> bool:
    """The row 1 2 3 4 … that offices put under the header."""
    numbers = [str(cell).strip().removesuffix(".0").strip("()") for cell in cells if cell != ""]
    return len(numbers) >= 3 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _text(field: str, cell: Cell) -> str:
    """Return a cell as clean text: NFC, one blank between words, no control or invisible characters."""
    if isinstance(cell, str):
        if len(cell) > MOST_CHARACTERS:
            raise _Refuse(field, "cell_long")
        if not cell.isascii() or not cell.isprintable():
            cell = unicodedata.normalize("NFC", cell)
            cell = "".join(_visible(char) for char in cell)
        return " ".join(cell.split())
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return str(int(cell)) if float(cell).is_integer() and abs(cell) < _EXACT_FLOAT else str(cell)


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cf", "Cs", "Co", "Cn"):
        return ""
    return " " if category in ("Cc", "Zl", "Zp", "Zs") else char


def _readable_path(texts: Mapping[str, str]) -> Path:
    try:
        return _path(texts)
    except _Refuse:
        return ()


def _path(texts: Mapping[str, str]) -> Path:
    return _path_of(texts.get("agency", ""), texts.get("unit", ""), texts.get("subunit", ""))


@lru_cache(maxsize=1_000)
def _path_of(agency: str, unit: str, subunit: str) -> Path:
    path: list[str] = [] if agency else [""]
    for level, name in (("agency", agency), ("unit", unit), ("subunit", subunit)):
        if len(name) > _LONGEST_NAME:
            raise _Refuse(level, "unit_long")
        if _NIK.search(name):
            raise _Refuse(level, "text_nik")
        if name and (not path or path[-1].casefold() != name.casefold()):
            path.append(name)
    if not unit:
        raise _Refuse("unit", "unit_empty")
    return tuple(path)


def _row(number: int, cells: Mapping[str, Cell], texts: Mapping[str, str], today: date) -> RosterRow:
    nip = _nip(cells.get("nip", ""), texts.get("nip", ""), today)
    employee_id = _employee_id(cells.get("employee_id", ""), texts.get("employee_id", ""))
    name = texts.get("name", "")
    if not name or len(name) > _LONGEST_NAME:
        raise _Refuse("name", "name_long" if name else "name_empty")
    if _NIK.search(name):
        raise _Refuse("name", "text_nik")
    path = _path(texts)
    warnings: list[str] = []
    kind = _kind(texts.get("kind", ""), nip, warnings)
    if nip is None and employee_id is None:
        employee_id = made_id(path, name)
        warnings.append("id_made")
    if nip is not None:
        warnings += nip.warnings
        usual = f"{nip.number[6:8]}/{nip.number[4:6]}/{nip.number[:4]}"
        birth = births.read(cells["birth"], warnings) if texts.get("birth", usual) != usual else None
        warnings += nips.differences(nip, birth=birth, sex=_sex(texts.get("sex", "")))
    details = {field: value for field in ("position", "email", "phone") if (value := texts.get(field, ""))}
    _check_details(details, warnings)
    return RosterRow(number, nip.number if nip else None, employee_id, name, kind, path, details, tuple(warnings))


def _nip(cell: Cell, text: str, today: date) -> nips.Nip | None:
    if isinstance(cell, (int, float)) and abs(cell) >= _EXACT_FLOAT:
        raise _Refuse("nip", "nip_rounded")
    found = nips.parse(text, today=today)
    if isinstance(found, nips.NotNip):
        if found.reasons == ("nip_empty",):
            return None
        raise _Refuse("nip", found.reasons[0])
    # Rounding leaves eighteen digits in one run; whoever writes the groups has looked at them.
    if "nip_serial" in found.warnings and _RUN_OF_NIP.search(text):
        raise _Refuse("nip", "nip_zeros")
    return found


def _employee_id(cell: Cell, text: str) -> str | None:
    text = text.lstrip("'").upper()
    if not text.strip("-"):
        return None
    if (isinstance(cell, (int, float)) and abs(cell) >= _EXACT_FLOAT) or nips.is_rounded(text):
        raise _Refuse("employee_id", "id_rounded")
    digits = nips.normalised(text)
    # An employee id that reads like a NIP could be taken for another person at sign-in.
    if digits.isdecimal() and len(digits) == _NIP_LENGTH:
        raise _Refuse("employee_id", "id_is_nip")
    if _NIK.search(text) or (digits.isdecimal() and len(digits) == _NIK_LENGTH):
        raise _Refuse("employee_id", "id_is_nik")
    if len(text) > _LONGEST_ID:
        raise _Refuse("employee_id", "id_long")
    return text


def made_id(path: Path, name: str, turn: int = 0) -> str:
    """Return an employee id for someone who has none; `turn` tells apart people of one name."""
    digest = sha256("\n".join((*path, name, *[str(turn)][:turn])).casefold().encode()).digest()
    return "NA-" + "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:MADE_LETTERS])


def _kind(text: str, nip: nips.Nip | None, warnings: list[str]) -> str:
    typed = kinds.typed(text)
    if nip is None:
        if typed in ("pns", "pppk", "asn"):
            raise _Refuse("nip", "asn_without_nip")
        return "non_asn"
    if typed == "non_asn":
        raise _Refuse("kind", "non_asn_with_nip")
    if "nip_month" in nip.warnings and typed in ("pns", "pppk"):
        return typed
    if typed in ("pns", "pppk") and typed != nip.kind:
        warnings.append("kind_differs")
    return nip.kind


def _sex(text: str) -> str:
    return {"l": "L", "p": "P", "w": "P", "m": "L", "f": "P"}.get(text[:1].casefold(), "")


def _check_details(details: dict[str, str], warnings: list[str]) -> None:
    for field, code in _NIK_IN:
        if _NIK.search(details.get(field, "")):
            del details[field]
            warnings.append(code)
    if "email" in details and not _EMAIL.fullmatch(details["email"]):
        del details["email"]
        warnings.append("email_odd")
    if "phone" in details:
        digits = _PHONE_MARKS.sub("", details["phone"])
        # Excel drops the leading zero of a number.
        details["phone"] = f"0{digits}" if digits.startswith("8") else digits
        if not _PHONE.fullmatch(details["phone"]):
            del details["phone"]
            warnings.append("phone_odd")
