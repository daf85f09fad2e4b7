"""The shipped fonts, loaded once; a letter that a face lacks is taken from Noto Sans, never drawn as a box."""

from functools import lru_cache
from itertools import groupby
from pathlib import Path
from threading import RLock
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parents[1] / "assets" / "fonts"
HEADING, TEXT, BOLD, TITLE, NAME = "jakarta-700", "atkinson-400", "atkinson-700", "serif-600", "serif-700"
FALLBACK = "noto-500"


# reportlab's font objects keep a reading position: two threads at once would cut wrong letters into both files.
drawing = RLock()


def load() -> None:
    """Register every face under its file's name, once."""
    with drawing:
        if FALLBACK in pdfmetrics.getRegisteredFontNames():
            return
        for face in (HEADING, TEXT, BOLD, TITLE, NAME, FALLBACK):
            # Not "ascii readable": only the letters in use go into the file.
            pdfmetrics.registerFont(TTFont(face, str(FOLDER / f"{face}.ttf"), asciiReadable=False))


@lru_cache(maxsize=8)
def _letters(face: str) -> frozenset[int]:
    load()
    font: Any = pdfmetrics.getFont(face)
    return frozenset(font.face.charToGlyph)


def missing(text: str) -> str:
    """Return the letters that not every face can print, its fallback included."""
    known = _letters(FALLBACK)
    return "".join(dict.fromkeys(char for char in text if ord(char) not in known))


def runs(text: str, face: str) -> list[tuple[str, str]]:
    """Cut a text into (face, part): the fallback where the face lacks a letter."""
    known = _letters(face)
    if known.issuperset(map(ord, text)):
        return [(face, text)]
    parts = groupby(text, key=lambda char: face if ord(char) in known else FALLBACK)
    return [(used, "".join(chars)) for used, chars in parts]


def width(text: str, face: str) -> float:
    """Return the width of a text in em."""
    return sum(float(pdfmetrics.stringWidth(part, used, 1000)) for used, part in runs(text, face)) / 1000
