"""The PDF of a certificate: a pure function of its record. reportlab is imported here alone, and only when needed."""

from importlib import import_module

from certificates.printable import forbidden
from certificates.records import Record


def prepare() -> None:
    """Load reportlab and the fonts: call it before a transaction that will render, so that no lock waits for it."""
    from certificates.pdf import fonts

    for heavy in ("zxingcpp", "certificates.pdf.document"):
        import_module(heavy)
    fonts.load()


def unprintable(text: str) -> str:
    """Return the letters of a text that cannot be printed: control and turning marks, and what no shipped font has."""
    from certificates.pdf import fonts

    return forbidden(text) or fonts.missing(text)


def render(record: Record) -> bytes:
    """Draw both pages; the same record gives the same bytes. Raises Unprintable."""
    from certificates.pdf.document import draw

    return draw(record)
