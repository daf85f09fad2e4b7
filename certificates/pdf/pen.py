"""Draws in millimetres from the lower left corner, as the layout is written; text by drawString alone."""

from typing import Any, Literal

from reportlab.lib.colors import Color, HexColor

from certificates.pdf import fonts
from certificates.pdf.fitting import Fitted, fit

MM = 72 / 25.4
WIDTH, HEIGHT = 297.0, 210.0
TINTA, INK, MUTED, WARNING = (HexColor(code) for code in ("#4B2E94", "#1C1826", "#595368", "#981B4E"))
PALE, PAPER = HexColor("#E6DFF6"), HexColor("#FFFFFF")
Align = Literal["left", "centre", "right"]


class Pen:
    """A canvas that thinks in millimetres and points of type."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas

    def line(
        self,
        text: str,
        x: float,
        y: float,
        *,
        face: str = fonts.TEXT,
        size: float = 11,
        colour: Color = INK,
        align: Align = "centre",
        spacing: float = 0,
    ) -> None:
        """Draw one line of text with its baseline at y; `spacing` in points follows each letter."""
        points = fonts.width(text, face) * size + spacing * (len(text) - 1)
        left = x * MM - {"left": 0.0, "centre": points / 2, "right": points}[align]
        self.canvas.setFillColor(colour)
        for used, part in fonts.runs(text, face):
            self.canvas.setFont(used, size)
            self.canvas.drawString(left, y * MM, part, charSpace=spacing)
            left += fonts.width(part, used) * size + spacing * len(part)

    def fitted(
        self,
        text: str,
        x: float,
        y: float,
        *,
        measure: float,
        face: str = fonts.TEXT,
        largest: float = 11,
        smallest: float = 9,
        colour: Color = INK,
        align: Align = "centre",
        grow: float = 0,
    ) -> Fitted:
        """Draw a text within a measure in mm. A second line takes its height by the share `grow` from above y."""
        set_text = fit(
            text, lambda part: fonts.width(part, face), measure=measure * MM, largest=largest, smallest=smallest
        )
        step = set_text.size * 1.2 / MM
        top = y + grow * step * (len(set_text.lines) - 1)
        for index, part in enumerate(set_text.lines):
            self.line(part, x, top - index * step, face=face, size=set_text.size, colour=colour, align=align)
        return set_text

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, *, thickness: float = 0.15, colour: Color = TINTA
    ) -> None:
        """Draw a straight line; thickness in mm."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(thickness * MM)
        self.canvas.line(x1 * MM, y1 * MM, x2 * MM, y2 * MM)
