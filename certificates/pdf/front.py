"""The front page."""

from urllib.parse import urlsplit

from certificates import wording
from certificates.pdf import fonts, qr
from certificates.pdf.pen import MM, MUTED, TINTA, WARNING, WIDTH, Pen
from certificates.records import Record

MIDDLE = WIDTH / 2
MEASURE = 220.0
QR_LEFT, QR_BOTTOM, QR_SIDE = 24.0, 28.0, 36.0
SIGNATURE = 222.0
FOOT = (
    "Diterbitkan secara elektronik. Kode QR adalah tautan untuk memeriksa keaslian, bukan tanda tangan elektronik.",
    "Sertifikat ini tidak dibubuhi tanda tangan elektronik.",
)


def draw(pen: Pen, record: Record) -> None:
    """Draw issuer, holder, achievement, QR code and signature block."""
    pen.fitted(record.issuer_name, MIDDLE, 183, measure=MEASURE, face=fonts.HEADING, largest=11, colour=TINTA)
    pen.fitted(record.issuer_unit, MIDDLE, 177, measure=MEASURE, face=fonts.HEADING, largest=11)
    pen.line("SERTIFIKAT", MIDDLE, 158, face=fonts.TITLE, size=34, spacing=4, colour=TINTA)
    pen.fitted(f"Nomor: {record.number}", MIDDLE, 150, measure=MEASURE, largest=10.5)
    pen.line("diberikan kepada", MIDDLE, 138, size=11, colour=MUTED)
    _holder(pen, record)
    _achievement(pen, record)
    _check(pen, record)
    _signature(pen, record)
    if record.is_example:
        pen.line(wording.EXAMPLE, MIDDLE, 24, face=fonts.BOLD, size=11, colour=WARNING)
    for index, text in enumerate(FOOT):
        pen.line(text, MIDDLE, 18 - index * 3.2, size=7.5, colour=MUTED)


def _holder(pen: Pen, record: Record) -> None:
    pen.fitted(record.name, MIDDLE, 125, measure=245, face=fonts.NAME, largest=26, smallest=16, grow=0.6)
    if record.nip:
        identity = f"NIP {wording.grouped_nip(record.nip)}"
    else:
        identity = f"ID pegawai {record.employee_id}" if record.employee_id else ""
    facts = [part for part in (identity, record.position, record.unit) if part]
    pen.fitted(" · ".join(facts), MIDDLE, 116, measure=245, largest=11, smallest=9.5, grow=0.5)


def _achievement(pen: Pen, record: Record) -> None:
    day = wording.on_day(wording.local_day(record.completed_at, record.zone))
    validity = f", berlaku sampai dengan {wording.on_day(record.valid_until)}" if record.valid_until else ""
    result = f"pada {day}, setara {record.jp} ({record.jp_words}) jam pelajaran (JP){validity}."
    pen.line("sebagai peserta yang telah menyelesaikan dan lulus", MIDDLE, 104, size=11.5)
    pen.fitted(record.program_title, MIDDLE, 98, measure=MEASURE, face=fonts.BOLD, largest=11.5)
    pen.fitted(result, MIDDLE, 92, measure=MEASURE, largest=11.5)


def _check(pen: Pen, record: Record) -> None:
    qr.draw(pen, record.link.upper(), QR_LEFT, QR_BOTTOM, QR_SIDE)
    centre = QR_LEFT + QR_SIDE / 2
    address = urlsplit(record.link)
    pen.line("Periksa keaslian", centre, 21.6, face=fonts.BOLD, size=8, colour=TINTA)
    pen.fitted(f"{address.netloc}/v/", centre, 18.2, measure=50, largest=8, smallest=5)
    pen.fitted(record.code, centre, 14.8, measure=50, largest=8, smallest=5)
    corners = QR_LEFT, QR_BOTTOM, QR_LEFT + QR_SIDE, QR_BOTTOM + QR_SIDE
    pen.canvas.linkURL(record.link, tuple(corner * MM for corner in corners))


def _signature(pen: Pen, record: Record) -> None:
    day = wording.on_day(wording.local_day(record.issued_at, record.zone))
    pen.fitted(f"{record.city}, {day}", SIGNATURE, 72, measure=100)
    pen.fitted(record.signatory_office, SIGNATURE, 66, measure=100)
    pen.fitted(record.signatory_name, SIGNATURE, 42, measure=100, face=fonts.BOLD, grow=1)
    pen.line(f"NIP {wording.grouped_nip(record.signatory_nip)}", SIGNATURE, 37, size=10.5)
