"""Files made to hurt: refused quickly, in little memory, with a reason (threats T39 to T41)."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from random import Random

import psutil
import pytest
import xlsxwriter

from people import roster
from people.roster import FileRefused
from tests.figures import count, figure

TODAY = date(2026, 11, 21)
FILES = count(150, 10_000)
MEGABYTE = 1024 * 1024
CONTENT_TYPES = "[Content_Types].xml"


def workbook(rows: int = 2) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["NIP", "Nama", "Unit Kerja"])
        for row in range(1, rows):
            page.write_row(row, 0, [f"19900101202012{1000 + row}", "A", "B"])
    return made.getvalue()


def rebuilt(change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, change(info.filename, old.read(info)))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return made.getvalue()


def with_text(name: str, old: bytes, new: bytes) -> bytes:
    return rebuilt(lambda each, content: content.replace(old, new, 1) if each == name else content)


def _lying(data: bytes) -> bytes:
    """Say in every header that the unpacked size is 10 bytes."""
    changed = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            struct.pack_into("<I", changed, start + at, 10)
    return bytes(changed)


def _overlapping() -> bytes:
    """Many central entries that point at one and the same member."""
    member = io.BytesIO()
    with zipfile.ZipFile(member, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>" + b" " * 100_000)
    data = member.getvalue()
    start = data.index(b"PK\x01\x02")
    local, entry = data[:start], bytearray(data[start : data.index(b"PK\x05\x06")])
    entries = b""
    for number in range(40):
        name = f"xl/workbook{number:02}.xml".encode()
        copy = bytearray(entry)
        struct.pack_into("<H", copy, 28, len(name))
        entries += bytes(copy[:46]) + name + bytes(copy[46 + len("xl/workbook.xml") :])
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 40, 40, len(entries), len(local), 0)
    return local + entries + end


def _sparse() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["NIP", "Nama", "Unit Kerja"])
        page.write(1_048_575, 16_383, "x")
    return made.getvalue()


def _encrypted(data: bytes) -> bytes:
    changed = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            changed[start + at] |= 1
    return bytes(changed)


SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
ZEROS = b"\0" * (60 * MEGABYTE)
DTD = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
XXE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "flat": (lambda: rebuilt(lambda _, content: content, {"xl/media/x.bin": ZEROS}), "file_bomb"),
    "ratio": (lambda: rebuilt(lambda _, content: content, {"xl/x.xml": b"a" * 5 * MEGABYTE}), "file_bomb"),
    "spread": (
        lambda: rebuilt(lambda _, c: c, {f"xl/{n}.bin": Random(n).randbytes(1) * 4_000_000 for n in range(20)}),
        "file_bomb",
    ),
    "members": (lambda: rebuilt(lambda _, content: content, {f"xl/{n}.xml": b"<x/>" for n in range(60)}), "file_bomb"),
    "lying": (lambda: _lying(rebuilt(lambda _, c: c, {"xl/x.xml": b"a" * 5 * MEGABYTE})), "file_broken"),
    "overlapping": (_overlapping, "file_bomb"),
    "sparse": (_sparse, "file_bomb"),
    "entities in the sheet": (lambda: with_text(SHEET, HEAD, HEAD + DTD), "file_entity"),
    "entities in the book": (lambda: with_text(BOOK, HEAD, HEAD + DTD), "file_entity"),
    "external entity": (lambda: with_text("xl/sharedStrings.xml", HEAD, HEAD + XXE), "file_entity"),
    "DTD alone": (lambda: with_text(SHEET, HEAD, HEAD + b"<!DOCTYPE x>"), "file_entity"),
    "entities in content types": (lambda: with_text(CONTENT_TYPES, HEAD, HEAD + DTD), "file_entity"),
    "entities in a relation": (lambda: with_text("_rels/.rels", HEAD, HEAD + XXE), "file_entity"),
    "entities in UTF-16": (
        lambda: rebuilt(
            lambda n, c: (c.decode().replace("?>", "?>" + DTD.decode(), 1)).encode("utf-16") if n == SHEET else c
        ),
        "file_entity",
    ),
    "entities in UTF-16 without mark": (
        lambda: rebuilt(lambda n, c: DTD.decode().encode("utf-16-be") if n == SHEET else c),
        "file_entity",
    ),
    "encrypted": (lambda: _encrypted(workbook()), "file_locked"),
    "truncated": (lambda: workbook()[:-40], "file_broken"),
    "no workbook": (lambda: rebuilt(lambda _, c: c).replace(b"xl/workbook.xml", b"xl/wirkbook.xml"), "file_kind"),
    "zip header alone": (lambda: b"PK\x03\x04" + b"\0" * 50, "file_broken"),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_old_excel"),
    "program as CSV": (lambda: b"MZ\x90\x00\x03" + b"\0" * 600, "file_kind"),
    "PDF": (lambda: b"%PDF-1.7\n" + b"x" * 600, "file_kind"),
    "large": (lambda: b"NIP;Nama;Unit Kerja\n" + b"x" * 11 * MEGABYTE, "file_large"),
    "one endless line": (lambda: b"NIP;Nama;Unit Kerja\n" + b";" * 5 * MEGABYTE + b"x", "file_columns"),
    "one endless cell": (lambda: b"NIP;Nama;Unit Kerja\n" + b"x" * 5 * MEGABYTE, "file_columns"),
    "unknown letters": (lambda: b"NIP;Nama;Unit Kerja\n\x81\x8d\x8f;a;b\n", "file_encoding"),
}


@pytest.mark.figure
@pytest.mark.parametrize("name", BOMBS)
def test_refused_with_its_reason_and_little_memory(name: str) -> None:
    make, code = BOMBS[name]
    data = make()
    process = psutil.Process()
    before, spent = process.memory_info().rss, process.cpu_times()
    with pytest.raises(FileRefused) as caught:
        roster.read(data, today=TODAY)
    after = process.cpu_times()
    assert caught.value.code == code
    assert process.memory_info().rss - before <= 150 * MEGABYTE
    assert (after.user + after.system) - (spent.user + spent.system) <= 3
    figure(f"{'T40' if code == 'file_entity' else 'T39'} {name}", 1, 1, "refused, in 150 MB and 3 s at most")


def test_control_the_untouched_workbook_is_read() -> None:
    table = roster.read(rebuilt(lambda _, content: content), today=TODAY)
    assert len(table.rows) == 1


def test_control_the_sparse_sheet_kills_whoever_reads_it_unguarded() -> None:
    import subprocess
    import sys

    program = (
        "import resource, sys, io; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from python_calamine import CalamineWorkbook\n"
        "list(CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0).iter_rows())"
    )
    done = subprocess.run([sys.executable, "-c", program], input=_sparse(), capture_output=True, check=False)
    assert done.returncode < 0


@pytest.mark.figure
def test_broken_files_are_read_or_refused_and_never_change_a_nip() -> None:
    random = Random(7)
    whole = workbook(20)
    known = {f"19900101202012{1000 + row}" for row in range(1, 20)}
    text = "NIP;Nama;Unit Kerja\r\n" + "".join(f"{nip};A, S.Kom.;B\r\n" for nip in sorted(known))
    outcomes = {"read": 0, "refused": 0}
    for turn in range(FILES):
        data = bytearray(whole if turn % 10 == 0 else text.encode())
        for _ in range(random.randint(1, 4)):
            data[random.randrange(len(data))] = random.randrange(256)
        try:
            table = roster.read(bytes(data), today=TODAY)
        except FileRefused:
            outcomes["refused"] += 1
            continue
        outcomes["read"] += 1
        changed = [row.nip for row in table.rows if row.nip and row.nip not in known]
        # A flipped digit in a CSV is another digit that somebody typed; an XLSX has its checksums.
        assert turn % 10 or not changed
        assert len(changed) <= 4
    figure("T41", sum(outcomes.values()), FILES, f"broken files read ({outcomes['read']}) or refused; no NIP changed")
    assert outcomes["read"] > 10
