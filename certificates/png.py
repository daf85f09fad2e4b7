"""A picture of a certificate's first page, for the screen."""

from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Any

DOTS_PER_INCH = 120
# PDFium is not made for several threads at once.
_lock = Lock()
_PAPER = (255, 255, 255)
_INKS = ((0x1C, 0x18, 0x26), (0x4B, 0x2E, 0x94), (0x98, 0x1B, 0x4E))
_PALE = (0xE6, 0xDF, 0xF6)
_STEPS = 7


@lru_cache(maxsize=1)
def _palette() -> Any:
    """The few colours of a certificate in steps from paper to ink: a fixed palette takes a thirtieth of the time."""
    from PIL import Image

    # No step lies close to white: the search for the nearest colour is coarse, and paper must stay white.
    shades = [_PAPER, _PALE, *(_between(ink, step) for ink in _INKS for step in range(1, _STEPS + 1))]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for shade in shades for value in shade])
    return palette


def _between(ink: tuple[int, int, int], step: int) -> tuple[int, ...]:
    return tuple(round(255 + (value - 255) * step / _STEPS) for value in ink)


def first_page(pdf: bytes) -> bytes:
    """Return the first page as a PNG."""
    import pypdfium2

    with _lock:
        document = pypdfium2.PdfDocument(pdf)
        try:
            picture = document[0].render(scale=DOTS_PER_INCH / 72).to_pil().convert("RGB")
        finally:
            document.close()
    out = BytesIO()
    picture.quantize(palette=_palette(), dither=0).save(out, "PNG")
    return out.getvalue()
