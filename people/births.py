"""Birth dates as people type them: 15/03/1985, 1985-03-15, 15 Maret 1985."""

import re
from datetime import date

from people.sheets import Cell

_MONTHS = {
    **{name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "mei", "jun", "jul"), start=1)},
    **dict.fromkeys(("agu", "ags", "aug"), 8),
    **dict.fromkeys(("okt", "oct"), 10),
    **dict.fromkeys(("nov", "nop"), 11),
    **dict.fromkeys(("des", "dec"), 12),
    "may": 5,
    "sep": 9,
}
_DATE_PARTS = re.compile(r"[a-z]+|[0-9]+")


def read(cell: Cell, warnings: list[str]) -> date | None:
    """Return the date; None with a warning where something else stands."""
    if isinstance(cell, date):
        return cell
    parts = _DATE_PARTS.findall(str(cell).casefold())
    try:
        if len(parts) == 3 and len(parts[0]) == 4:
            return date(int(parts[0]), _month(parts[1]), int(parts[2]))
        if len(parts) == 3 and len(parts[2]) == 4:
            return date(int(parts[2]), _month(parts[1]), int(parts[0]))
    except (ValueError, KeyError):
        pass
    if parts:
        warnings.append("birth_unread")
    return None


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else _MONTHS[text[:3]]
