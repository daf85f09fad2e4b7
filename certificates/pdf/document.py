"""Puts both pages into one file: same record, same bytes."""

from datetime import UTC
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from certificates.pdf import back, fonts, front, ornament
from certificates.pdf.pen import Pen
from certificates.printable import Unprintable, forbidden
from certificates.records import Record

MARKER = "SiNetral-sertifikat:"
# Otherwise reportlab names Helvetica, which is not embedded.
_FIRST_FONT: dict[str, Any] = {"initialFontName": fonts.TEXT}


def draw(record: Record) -> bytes:
    """Return the PDF. Raises Unprintable."""
    fonts.load()
    _refuse_unprintable(record)
    with fonts.drawing:
        return _draw(record)


def _draw(record: Record) -> bytes:
    out = BytesIO()
    # Not deflated: zlib's output differs between builds, and these bytes must come out again for years.
    canvas = Canvas(out, pagesize=landscape(A4), pageCompression=0, invariant=1, lang="id", **_FIRST_FONT)
    _describe(canvas, record)
    pen = Pen(canvas)
    ornament.define(pen)
    for page in (front, back):
        if record.is_example:
            ornament.mark_example(pen)
        canvas.doForm("frame")
        page.draw(pen, record)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _refuse_unprintable(record: Record) -> None:
    texts = {field: value for field, value in record if isinstance(value, str)}
    texts |= {f"materials.{index}": row.title for index, row in enumerate(record.materials)}
    for field, text in texts.items():
        if letters := forbidden(text) or fonts.missing(text):
            raise Unprintable(field, letters)


def _describe(canvas: Any, record: Record) -> None:
    canvas.setTitle(f"Sertifikat {record.number} · {record.name}")
    canvas.setAuthor(f"{record.issuer_unit}, {record.issuer_name}")
    canvas.setSubject(record.program_title)
    canvas.setCreator("SiNetral")
    # By this the checking page finds the record of an uploaded file.
    canvas.setKeywords(MARKER + record.code)
    canvas.setDateFormatter(lambda *_: f"D:{record.issued_at.astimezone(UTC):%Y%m%d%H%M%S}Z")
    canvas.setViewerPreference("DisplayDocTitle", "true")
