"""Which text may be printed: composed letters, single spaces, nothing invisible or turning."""

import re
import unicodedata

_SPACES = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# Control, format (bidi overrides, joiners), surrogate, private, unassigned, line and paragraph separators.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Unprintable(Exception):
    """A text holds letters that cannot be printed faithfully; `field` says where."""

    def __init__(self, field: str, letters: str) -> None:
        super().__init__(field, letters)
        self.field = field
        self.letters = letters


def tidy(text: str) -> str:
    """Return the text composed (NFC), each run of spaces as one, none at the ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")


def forbidden(text: str) -> str:
    """Return the letters of a text that may not be printed at all, each once, in order."""
    return "".join(dict.fromkeys(char for char in text if unicodedata.category(char) in _REFUSED))
