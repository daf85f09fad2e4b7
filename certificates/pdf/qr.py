"""The QR code of the verification address, as one path of merged runs."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from certificates.pdf.pen import INK, MM, PAPER, Pen

QUIET = 4


def modules(text: str) -> list[list[bool]]:
    """Return the rows of a QR code, level M, top first; capitals keep it small (alphanumeric mode)."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    pixels: Any = memoryview(image).tolist()
    return [[value == 0 for value in row] for row in pixels]


def bars(rows: list[list[bool]]) -> Iterator[tuple[int, int, int, int]]:
    """Merge dark modules to rectangles (x, y, width, height): runs of a row, grown over equal runs below."""
    open_runs: dict[tuple[int, int], int] = {}
    for y, row in enumerate([*rows, []]):
        here, x = set(), 0
        for dark, group in groupby(row):
            length = len(list(group))
            if dark:
                here.add((x, length))
            x += length
        for run in sorted(open_runs.keys() - here):
            top = open_runs.pop(run)
            yield run[0], top, run[1], y - top
        for run in sorted(here - open_runs.keys()):
            open_runs[run] = y


def draw(pen: Pen, text: str, x: float, y: float, side: float) -> None:
    """Draw the code with its lower left corner at (x, y) mm on white, quiet zone included around it."""
    rows = modules(text)
    count = len(rows)
    canvas = pen.canvas
    canvas.saveState()
    canvas.translate(x * MM, y * MM)
    canvas.scale(side * MM / count, side * MM / count)
    canvas.setFillColor(PAPER)
    canvas.rect(-QUIET, -QUIET, count + 2 * QUIET, count + 2 * QUIET, stroke=0, fill=1)
    canvas.setFillColor(INK)
    path = " ".join(f"{left} {count - top - high} {wide} {high} re" for left, top, wide, high in bars(rows))
    canvas.addLiteral(f"{path} f")
    canvas.restoreState()
