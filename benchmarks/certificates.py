"""Certificates per CPU second, as a ratio to a plain reportlab canvas that draws the same two pages, in the same run.

    python benchmarks/certificates.py [--rounds N] [--each N] [--json]

The naive way is the usual one: fonts registered once, everything else drawn anew for every file, reportlab's own QR
widget, deflated streams. Both ways take turns, so that a busy machine slows both; the median round counts.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from reportlab.graphics import renderPDF  # noqa: E402
from reportlab.graphics.barcode.qr import QrCodeWidget  # noqa: E402
from reportlab.graphics.shapes import Drawing  # noqa: E402
from reportlab.lib.pagesizes import A4, landscape  # noqa: E402
from reportlab.lib.units import mm  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

from certificates import pdf  # noqa: E402
from certificates.pdf import fonts  # noqa: E402
from certificates.records import Material, Record  # noqa: E402

WIDTH, HEIGHT = 297, 210
MOMENT = datetime(2026, 11, 21, 3, 32, tzinfo=UTC)


def record(number: int) -> Record:
    """Return an invented record with the eleven materials of a full back page."""
    code = f"{number:026d}"
    return Record(
        number=f"800/{number:04d}/BKPSDM/2026",
        code=code,
        link=f"https://netralitas.contoh.go.id/v/{code}",
        name=f"Dr. Ir. H. Peserta Nomor {number}, S.Sos., M.Si.",
        nip=f"19900101201503{number % 10_000:04d}",
        employee_id=None,
        position="Analis Kebijakan Ahli Muda",
        unit="Dinas Komunikasi dan Informatika",
        program_id="netralitas",
        program_title="Sosialisasi Netralitas ASN dalam Pemilu dan Pemilihan",
        started_at=MOMENT,
        completed_at=MOMENT,
        issued_at=MOMENT,
        valid_until=date(2028, 11, 21),
        zone="Asia/Jakarta",
        jp=11,
        jp_words="sebelas",
        pass_mark=70,
        score_class="Memuaskan",
        materials=tuple(Material(title=f"Materi ke-{row} tentang netralitas ASN", jp=1) for row in range(1, 12)),
        issuer_name="Pemerintah Kabupaten Telaga Jernih",
        issuer_unit="Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
        issuer_code="BKPSDM",
        city="Telaga Jernih",
        signatory_name="Dra. Sekar Maheswari, M.Si.",
        signatory_office="Kepala Badan Kepegawaian dan Pengembangan SDM",
        signatory_nip="197203101998032991",
        regulations_as_of=date(2026, 11, 21),
        pledge_version=1,
        pledge_hash="ab" * 32,
        pledge_signed_at=MOMENT,
        assurance="code",
        is_example=False,
    )


def naive(certificate: Record) -> bytes:
    """Draw the same two pages as a first version usually does."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4))
    _naive_border(canvas)
    lines: tuple[tuple[float, float, str, str], ...] = (
        (183, 11, fonts.HEADING, certificate.issuer_name),
        (177, 11, fonts.HEADING, certificate.issuer_unit),
        (158, 34, fonts.TITLE, "SERTIFIKAT"),
        (150, 10.5, fonts.TEXT, f"Nomor: {certificate.number}"),
        (138, 11, fonts.TEXT, "diberikan kepada"),
        (125, 26, fonts.NAME, certificate.name),
        (116, 11, fonts.TEXT, f"NIP {certificate.nip} · {certificate.position} · {certificate.unit}"),
        (104, 11.5, fonts.TEXT, "sebagai peserta yang telah menyelesaikan dan lulus"),
        (98, 11.5, fonts.BOLD, certificate.program_title),
        (92, 11.5, fonts.TEXT, f"pada 21 November 2026, setara {certificate.jp} ({certificate.jp_words}) JP"),
        (15, 7.5, fonts.TEXT, "Kode QR adalah tautan untuk memeriksa keaslian, bukan tanda tangan elektronik."),
    )
    for y, size, face, text in lines:
        canvas.setFont(face, size)
        canvas.drawCentredString(WIDTH / 2 * mm, y * mm, text)
    canvas.setFont(fonts.TEXT, 11)
    canvas.drawCentredString(222 * mm, 72 * mm, certificate.city)
    canvas.drawCentredString(222 * mm, 66 * mm, certificate.signatory_office)
    canvas.drawCentredString(222 * mm, 42 * mm, certificate.signatory_name)
    side = 36 * mm
    drawing = Drawing(side, side)
    drawing.add(QrCodeWidget(certificate.link, barWidth=side, barHeight=side, barLevel="M"))
    renderPDF.draw(drawing, canvas, 24 * mm, 28 * mm)
    canvas.showPage()
    _naive_border(canvas)
    canvas.setFont(fonts.TEXT, 10)
    for row, material in enumerate(certificate.materials, start=1):
        y = (150 - row * 7) * mm
        canvas.drawString(40 * mm, y, str(row))
        canvas.drawString(56 * mm, y, material.title)
        canvas.drawRightString(255 * mm, y, str(material.jp))
    canvas.save()
    return out.getvalue()


def _naive_border(canvas: Canvas) -> None:
    canvas.setStrokeColor("#4B2E94")
    canvas.setLineWidth(0.13 * mm)
    for margin in (10, 12):
        canvas.rect(margin * mm, margin * mm, (WIDTH - 2 * margin) * mm, (HEIGHT - 2 * margin) * mm)
    # Far fewer strokes than the real band has: the comparison should not hang on the ornament.
    for step in range(68):
        x = (12 + step * 4) * mm
        canvas.line(x, 190 * mm, x + 4 * mm, 198 * mm)


def cpu_seconds(make: Callable[[Record], bytes], records: list[Record]) -> float:
    """Return the CPU seconds that making all of them takes."""
    start = time.process_time()
    for one in records:
        make(one)
    return time.process_time() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--each", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    pdf.prepare()
    records = [record(number) for number in range(options.each)]
    for make in (naive, pdf.render):
        make(records[0])
    rounds = [(cpu_seconds(naive, records), cpu_seconds(pdf.render, records)) for _ in range(options.rounds)]
    figures = {
        "per_cpu_s": round(options.each / median(ours for _, ours in rounds), 1),
        "naive_per_cpu_s": round(options.each / median(plain for plain, _ in rounds), 1),
        "ratio_naive": round(median(plain / ours for plain, ours in rounds), 2),
        "bytes": len(pdf.render(records[0])),
        "naive_bytes": len(naive(records[0])),
    }
    print(json.dumps(figures) if options.json else "\n".join(f"{name} {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
