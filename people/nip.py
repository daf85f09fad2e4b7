"""NIP and NI PPPK, 18 digits: what can be known from the number alone. There is no checksum; a plausible number
is not proof that BKN has registered it.

PNS: 8 birth date, 6 year and month of appointment, 1 sex, 3 serial. PPPK: digits 13-14 are a code of 21 or more.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Kind = Literal["pns", "pppk"]

# Blanks of every sort (Excel and web pages give no-break and zero-width ones), dots, hyphens and dashes.
_SEPARATORS = re.compile(r"[\s.\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff]+")
_ROUNDED = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_DIGITS = re.compile(r"[0-9]+")
FIRST_YEAR = 1950
_OTHER_LENGTHS = {9: "nip_old", 16: "nip_nik"}


class Nip(NamedTuple):
    """A plausible NIP; `warnings` are codes of `people.words`."""

    number: str
    birth: date
    kind: Kind
    sex: Literal["L", "P"]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotNip:
    """Why a text is no NIP: one or more codes of `people.words`."""

    reasons: tuple[str, ...]


def normalised(text: str) -> str:
    """Return the text without what Excel, copying and reading habits add: `'…`, `="…"`, blanks, dots, hyphens."""
    if text.isdigit() and text.isascii():
        return text
    text = text.strip().lstrip("'’‘`").strip()
    text = text.removeprefix("=").strip().strip('"').lstrip("'’‘`")
    return _SEPARATORS.sub("", text)


def is_rounded(text: str) -> bool:
    """Tell whether Excel wrote this number as 1,98503E+17: its last digits are lost and cannot be repaired."""
    return _ROUNDED.fullmatch(text.strip().strip("'\"=")) is not None


def parse(text: str, *, today: date) -> Nip | NotNip:
    """Read a NIP as people type it. Refuses only what cannot be a NIP; what is merely odd is a warning."""
    digits = normalised(text)
    if not digits:
        return NotNip(("nip_empty",))
    if not _DIGITS.fullmatch(digits):
        return NotNip(("nip_rounded" if is_rounded(text) else "nip_not_digits",))
    if len(digits) != 18:
        return NotNip((_OTHER_LENGTHS.get(len(digits), "nip_length"),))
    return _read(digits, today)


def _read(digits: str, today: date) -> Nip | NotNip:
    birth, year, code = _date(digits[:8]), int(digits[8:12]), int(digits[12:14])
    reasons = []
    if birth is None:
        reasons.append("nip_birth")
    elif birth > today:
        reasons.append("nip_birth_future")
    if not FIRST_YEAR <= year <= today.year + 1:
        reasons.append("nip_year")
    if digits[14] not in "12":
        reasons.append("nip_sex")
    if birth is None or reasons:
        return NotNip(tuple(reasons))
    warnings = _warnings(birth, year, code, digits[15:])
    return Nip(digits, birth, "pppk" if code >= 21 else "pns", "L" if digits[14] == "1" else "P", warnings)


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _warnings(birth: date, year: int, code: int, serial: str) -> tuple[str, ...]:
    is_month = 1 <= code <= 12
    # Appointments start on the first of a month. A PPPK number tells the year only: its age is taken at its kindest.
    age = year - birth.year - (1 if is_month and (code, 1) < (birth.month, birth.day) else 0)
    lowest, highest = age, age if is_month else age - 1
    found = []
    if lowest < 17 or highest > 60:
        found.append("nip_age")
    if not is_month and code < 21:
        found.append("nip_month")
    if serial == "000":
        found.append("nip_serial")
    return tuple(found)


def differences(nip: Nip, *, birth: date | None, sex: str) -> tuple[str, ...]:
    """Compare with a birth date and sex (L or P, or empty) typed beside the NIP: warnings only, old data err."""
    found = []
    if birth is not None and birth != nip.birth:
        found.append("nip_birth_differs")
    if sex and sex != nip.sex:
        found.append("nip_sex_differs")
    return tuple(found)
