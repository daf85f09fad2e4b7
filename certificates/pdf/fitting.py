"""Fits text into a measure: first smaller letters, then two lines. Pure; `width` gives em."""

from collections.abc import Callable
from dataclasses import dataclass

Width = Callable[[str], float]


@dataclass(frozen=True)
class Fitted:
    """The lines of a text and the size they are set in."""

    size: float
    lines: tuple[str, ...]


def fit(text: str, width: Width, *, measure: float, largest: float, smallest: float) -> Fitted:
    """Set a text in one line between the two sizes; below the smallest in two lines, as large as they go."""
    one = _size(width(text), measure, largest)
    if one >= smallest:
        return Fitted(one, (text,))
    lines = halves(text, width)
    widest = max(width(line) for line in lines)
    return Fitted(_size(widest, measure, (largest + smallest) / 2), lines)


def _size(em: float, measure: float, largest: float) -> float:
    # Down to a tenth of a point, so that rounding never makes a line wider than its measure.
    return min(largest, int(measure / em * 10) / 10) if em else largest


def halves(text: str, width: Width) -> tuple[str, str]:
    """Cut a text in two lines as equal as can be, at a space where there is one, else between two letters."""
    cuts = [(text[:at], text[at + 1 :]) for at, char in enumerate(text) if char == " "]
    if not cuts:
        half = len(text) // 2
        cuts = [(text[:half], text[half:])]
    return min(cuts, key=lambda cut: max(width(cut[0]), width(cut[1])))
