"""The back page: what was learnt, how it was judged, and what the certificate rests on."""

from certificates import wording
from certificates.pdf import fonts
from certificates.pdf.pen import MUTED, TINTA, WARNING, WIDTH, Pen
from certificates.records import Record

MIDDLE = WIDTH / 2
LEFT, RIGHT = 38.0, WIDTH - 38.0
NUMBER, JP = LEFT + 8, RIGHT - 4
MATERIAL = LEFT + 18
TOP, BOTTOM = 149.0, 70.0
LABEL, VALUE = LEFT, LEFT + 52


def draw(pen: Pen, record: Record) -> None:
    """Draw the table of materials and the facts under it."""
    pen.line("DAFTAR MATERI", MIDDLE, 174, face=fonts.TITLE, size=20, spacing=2.5, colour=TINTA)
    pen.fitted(record.program_title, MIDDLE, 166, measure=220, face=fonts.BOLD, largest=11.5)
    end = _table(pen, record)
    for index, (label, value) in enumerate(_facts(record)):
        y = end - 11 - index * 6.5
        pen.line(label, LABEL, y, size=10, colour=MUTED, align="left")
        pen.fitted(value, VALUE, y, measure=RIGHT - VALUE, largest=10, smallest=6, align="left")
    if record.is_example:
        pen.line(wording.EXAMPLE, MIDDLE, 24, face=fonts.BOLD, size=11, colour=WARNING)
    pen.fitted(f"Nomor: {record.number}", MIDDLE, 17, measure=220, largest=9, colour=MUTED)


def _table(pen: Pen, record: Record) -> float:
    """Draw the table; return where it ends."""
    step = min(9.0, (TOP - BOTTOM) / (len(record.materials) + 1))
    size = min(11.0, step * 1.6)
    pen.rule(LEFT, TOP + 8, RIGHT, TOP + 8, thickness=0.4)
    _row(pen, TOP + 2.4, ("No", "Materi", "JP"), fonts.BOLD, 10.5)
    pen.rule(LEFT, TOP, RIGHT, TOP)
    y = TOP
    for index, material in enumerate(record.materials, start=1):
        y -= step
        _row(pen, y + step * 0.34, (str(index), material.title, str(material.jp)), fonts.TEXT, size)
    pen.rule(LEFT, y, RIGHT, y)
    y -= step
    _row(pen, y + step * 0.34, ("", "Jumlah", str(record.jp)), fonts.BOLD, size)
    pen.rule(LEFT, y, RIGHT, y, thickness=0.4)
    return y


def _row(pen: Pen, y: float, cells: tuple[str, str, str], face: str, size: float) -> None:
    number, material, jp = cells
    pen.line(number, NUMBER, y, face=face, size=size, align="right")
    pen.fitted(material, MATERIAL, y, measure=JP - MATERIAL - 14, face=face, largest=size, smallest=4, align="left")
    pen.line(jp, JP, y, face=face, size=size, align="right")


def _facts(record: Record) -> list[tuple[str, str]]:
    zone = record.zone
    pledged = wording.at_clock(record.pledge_signed_at, zone)
    facts = [
        ("Hasil", f"Lulus · {record.score_class} (ambang lulus {record.pass_mark})"),
        ("Kondisi regulasi", f"Materi disusun menurut peraturan per {wording.on_day(record.regulations_as_of)}."),
        ("Pakta integritas", f"Disetujui {pledged} (naskah versi {record.pledge_version})"),
        ("Pengenalan peserta", wording.ASSURANCES[record.assurance]),
    ]
    if record.valid_until:
        facts.append(("Berlaku sampai dengan", wording.on_day(record.valid_until)))
    return facts
