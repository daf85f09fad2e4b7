"""XLSX and CSV as Indonesian offices open them: NIP as text, formulas defused, dates dd/mm/yyyy."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from tempfile import TemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

from reports.rows import STATUSES, Completion, Tally

COLUMNS = ("NIP / ID", "Nama", "Jabatan", "Unit", "Status", "Nilai", "Tanggal", "Nomor sertifikat", "Berlaku sampai")
_WIDTHS = (21, 34, 30, 32, 20, 8, 12, 30, 14)
_DATE = 6
# What a spreadsheet may read as a formula, also behind blanks, quotes or in full-width form (threats T38).
_FORMULA = re.compile(r"^[\s'\"]*[=+\-@\t\r\n＝＋－＠]")
_CHUNK = 64 * 1024


def defused(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet might calculate."""
    return f"'{text}" if _FORMULA.match(text) else text


def cells(person: Completion) -> list[Any]:
    """Return one person's cells; dates are naive, in the zone of the person's unit."""
    zone, end = ZoneInfo(person.zone), last_day(person)
    day = person.finished_at.astimezone(zone).replace(tzinfo=None) if person.finished_at else None
    return [
        person.identifier,
        person.name,
        person.position,
        person.unit,
        STATUSES[person.status],
        person.score,
        day,
        person.number,
        datetime.combine(end, time()) if end else None,
    ]


def last_day(person: Completion) -> date | None:
    """Return the last day of validity, as the certificate prints it."""
    # Half a day before the end is noon of that day for the issuer, and the same day in all three zones.
    return (
        (person.expires_at - timedelta(hours=12)).astimezone(ZoneInfo(person.zone)).date()
        if person.expires_at
        else None
    )


def csv_chunks(people: Iterable[Completion]) -> Iterator[bytes]:
    """Yield CSV for Excel with Indonesian settings: UTF-8 with BOM, semicolons, CRLF, every cell in quotes."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    for person in people:
        writer.writerow([_csv_cell(cell) for cell in cells(person)])
        if buffer.tell() > _CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _csv_cell(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}"
    return defused(cell) if isinstance(cell, str) else str(cell)


def xlsx_chunks(
    people: Iterable[Completion], summary: Sequence[Tally], *, title: str, now: datetime, link: str
) -> Iterator[bytes]:
    """Yield an XLSX with the sheets Rekap, Ringkasan per unit and Keterangan; memory stays constant."""
    with TemporaryFile() as file:
        write_xlsx(file, people, summary, title=title, now=now, link=link)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def write_xlsx(
    file: IO[bytes],
    people: Iterable[Completion],
    summary: Sequence[Tally],
    *,
    title: str,
    now: datetime,
    link: str,
) -> None:
    """Write the workbook into an open binary file."""
    import xlsxwriter

    never = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(file, {"constant_memory": True, **never}) as book:
        head = book.add_format({"bold": True, "bg_color": "#ECE7F8", "border": 1, "text_wrap": True, "valign": "top"})
        _people_sheet(book, head, people)
        _summary_sheet(book, head, summary)
        _notes_sheet(book, title=title, now=now, link=link)


def _people_sheet(book: Any, head: Any, people: Iterable[Completion]) -> None:
    sheet, text, dated = book.add_worksheet("Rekap"), book.add_format({"num_format": "@"}), _date(book)
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width, text if column == 0 else None)
        sheet.write_string(0, column, name, head)
    sheet.freeze_panes(1, 2)
    last = 0
    for last, person in enumerate(people, start=1):
        for column, cell in enumerate(cells(person)):
            if isinstance(cell, str):
                sheet.write_string(last, column, cell, text if column == 0 else None)
            elif isinstance(cell, datetime):
                sheet.write_datetime(last, column, cell, dated)
            elif cell is not None:
                sheet.write_number(last, column, cell)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)


def _date(book: Any) -> Any:
    return book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})


def _summary_sheet(book: Any, head: Any, summary: Sequence[Tally]) -> None:
    from reports.summary import by_unit

    sheet, table = book.add_worksheet("Ringkasan per unit"), by_unit(summary)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, len(table.columns), 16)
    for column, name in enumerate(("Unit", *table.columns)):
        sheet.write_string(0, column, str(name), head)
    for row, (unit, values) in enumerate(zip(table.index, table.to_numpy().tolist(), strict=True), start=1):
        sheet.write_string(row, 0, str(unit))
        for column, value in enumerate(values, start=1):
            sheet.write_number(row, column, value)
    sheet.freeze_panes(1, 1)


def _notes_sheet(book: Any, *, title: str, now: datetime, link: str) -> None:
    sheet = book.add_worksheet("Keterangan")
    sheet.set_column(0, 0, 100)
    lines = (
        f"Program: {title}",
        f"Dibuat: {now.astimezone(ZoneInfo('Asia/Jakarta')):%d/%m/%Y %H.%M} WIB",
        "Tanggal: terbitnya sertifikat; bila belum ada, tanggal lulus. Dalam zona waktu unit.",
        "Berlaku sampai: hari terakhir sertifikat; sesudahnya statusnya Kedaluwarsa.",
        "Nilai: nilai tertinggi kuis akhir, skala 0 sampai 100.",
        f"Keaslian sertifikat diperiksa dengan kode pada sertifikat di {link}/v/",
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
