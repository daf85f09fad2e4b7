"""What every certificate shares: hairline frame, woven band, and the mark across example certificates."""

from collections.abc import Iterator
from functools import lru_cache

from certificates.pdf import fonts
from certificates.pdf.pen import HEIGHT, MM, PALE, TINTA, WIDTH, Pen

OUTER, INNER = 10.0, 12.0
BAND = 8.0
PERIOD = 4.0
STRANDS = 5


@lru_cache(maxsize=1)
def _tile() -> str:
    """One period of a plaited mat as PDF operators: squares on their tip, their strands leaning by turns."""

    def strands() -> Iterator[tuple[float, float, float, float]]:
        for row in range(-3, 6):
            for lean in (0, 1):
                column = lean - 1 - row
                for strand in range(STRANDS):
                    across = (strand + 0.5) / STRANDS
                    # A square covers [row, row+1] x [column, column+1]; odd squares are woven the other way.
                    if lean:
                        yield row, column + across, row + 1, column + across
                    else:
                        yield row + across, column, row + across, column + 1

    def turned(u: float, v: float) -> str:
        return f"{(u + v) * PERIOD / 2 * MM:.2f} {(u - v) * PERIOD / 2 * MM:.2f}"

    return " ".join(f"{turned(u1, v1)} m {turned(u2, v2)} l" for u1, v1, u2, v2 in strands()) + " S"


def define(pen: Pen) -> None:
    """Store frame and band in the file once, as forms that both pages show."""
    canvas = pen.canvas
    canvas.beginForm("tile", -PERIOD * MM, -PERIOD * MM, 2 * PERIOD * MM, (BAND + PERIOD) * MM)
    canvas.addLiteral(_tile())
    canvas.endForm()
    canvas.beginForm("frame", 0, 0, WIDTH * MM, HEIGHT * MM)
    canvas.setStrokeColor(TINTA)
    for margin, thickness in ((OUTER, 0.4), (INNER, 0.15)):
        canvas.setLineWidth(thickness * MM)
        canvas.rect(margin * MM, margin * MM, (WIDTH - 2 * margin) * MM, (HEIGHT - 2 * margin) * MM)
    bottom = HEIGHT - INNER - BAND
    pen.rule(INNER, bottom, WIDTH - INNER, bottom)
    band = canvas.beginPath()
    band.rect(INNER * MM, bottom * MM, (WIDTH - 2 * INNER) * MM, BAND * MM)
    canvas.clipPath(band, stroke=0, fill=0)
    canvas.setLineWidth(0.13 * MM)
    tiles = int((WIDTH - 2 * INNER) / PERIOD / 2) + 1
    canvas.translate((WIDTH / 2 - tiles * PERIOD) * MM, bottom * MM)
    for _ in range(2 * tiles):
        canvas.doForm("tile")
        canvas.translate(PERIOD * MM, 0)
    canvas.endForm()


def mark_example(pen: Pen) -> None:
    """Write CONTOH across the page, large and light, under everything else."""
    size = 140.0
    canvas = pen.canvas
    canvas.saveState()
    canvas.translate(165 * MM, 121 * MM)  # clear of the QR code
    canvas.rotate(24)
    pen.line("CONTOH", 0, -size * 0.36 / MM, face=fonts.HEADING, size=size, colour=PALE, spacing=6)
    canvas.restoreState()
