"""Reads a CSV or XLSX that a stranger may have made: limits first, contents second, text cells only.

What the file is, its content decides, not its name. An XLSX is unpacked here under limits, packed again with the
parts a table needs, and read in a process of its own.
"""

import csv
import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

Cell = str | float | bool | date
Score = Callable[[Sequence[Cell]], int]
IsList = Callable[[Sequence["Line"]], bool]

MOST_BYTES = 10 * 1024 * 1024
MOST_MEMBERS = 50
MOST_UNPACKED = 50 * 1024 * 1024
MOST_RATIO = 100
MOST_ROWS = 60_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 2_000
MOST_LINE = 64 * 1024
HEADER_WITHIN = 30
SECONDS = 30
_SEPARATORS = (";", ",", "\t")
_NAMED_SHEETS = 6
_WORKER = Path(__file__).with_name("sheet_worker.py")


class FileRefused(Exception):
    """The file as a whole cannot be read; `code` is one of `people.words.FILE`."""

    def __init__(self, code: str, other: object = "") -> None:
        super().__init__(code)
        self.code = code
        self.other = other


class Line(NamedTuple):
    """One row as it stands in the file; `number` is what Excel or an editor shows at its side."""

    number: int
    cells: Sequence[Cell]


class Sheet(NamedTuple):
    """The lines that count, and the names of the workbook's other sheets that hold anything."""

    lines: list[Line]
    unread: tuple[str, ...] = ()


def read(data: bytes, *, score: Score, is_list: IsList) -> Sheet:
    """Return the one sheet that holds a list, else the sheet (or reading with a separator) with the best header row.

    `score` tells how many known headers a row has, `is_list` whether lines hold people. Blank lines are left out.
    Raises FileRefused.
    """
    if not data.strip():
        raise FileRefused("file_empty")
    if len(data) > MOST_BYTES:
        raise FileRefused("file_large")
    if data.startswith(b"PK"):
        found = _chosen(_read_workbook(_repacked(data)), score, is_list)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused("file_old_excel")
    else:
        text = _decoded(data)
        separator = max(_SEPARATORS, key=lambda each: _best_with(text, each, score))
        found = Sheet(list(islice(_records(text, separator), MOST_ROWS + HEADER_WITHIN + 1)))
    for line in found.lines:
        if len(line.cells) > MOST_COLUMNS and any(cell != "" for cell in line.cells[MOST_COLUMNS:]):
            raise FileRefused("file_columns", line.number)
    return found


def _chosen(book: Mapping[str, list[Line]], score: Score, is_list: IsList) -> Sheet:
    """Choose a sheet, but not between two lists: the people of the other one would count as gone."""
    # The worker stops there: what stands in later sheets was not seen.
    if sum(map(len, book.values())) > MOST_ROWS + HEADER_WITHIN:
        raise FileRefused("file_rows")
    lists = [name for name, lines in book.items() if is_list(lines)]
    if len(lists) > 1:
        raise FileRefused("file_sheets", ", ".join((*lists[:_NAMED_SHEETS], *["…"][: len(lists) - _NAMED_SHEETS])))
    chosen = max(lists or book, key=lambda name: _best(book[name][:HEADER_WITHIN], score), default="")
    return Sheet(book.get(chosen, []), tuple(name for name, lines in book.items() if lines and name != chosen))


def _best(lines: list[Line], score: Score) -> int:
    return max((score(line.cells) for line in lines), default=0)


def _best_with(text: str, separator: str, score: Score) -> int:
    best = 0
    try:
        for line in islice(_records(text, separator), HEADER_WITHIN):
            best = max(best, score(line.cells))
    except FileRefused:
        return best
    return best


def _decoded(data: bytes) -> str:
    if b"\0" in data or data.startswith((b"MZ", b"%PDF")):
        raise FileRefused("file_kind")
    for number, line in enumerate(data.splitlines(), start=1):
        if len(line) > MOST_LINE:
            raise FileRefused("file_columns", number)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("file_encoding")


def _records(text: str, separator: str) -> Iterator[Line]:
    # strict: a quote that nobody closed would swallow the rows that follow it, and their people with them.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileRefused("file_quote", number) from error
        if cells is None:
            return
        if any(cells):
            yield Line(number, cells)
        number = reader.line_num + 1


def _repacked(data: bytes) -> bytes:
    """Unpack under limits, refuse what a table never holds, and pack the needed parts again, uncompressed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_members(archive)
            return _pack({info.filename: archive.read(info) for info in archive.infolist() if _needed(info.filename)})
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, zlib.error) as error:
        raise FileRefused("file_broken") from error


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or len({info.filename for info in members}) < len(members):
        raise FileRefused("file_bomb")
    if any(info.flag_bits & 0x1 for info in members):
        raise FileRefused("file_locked")
    if sum(info.file_size for info in members) > MOST_UNPACKED:
        raise FileRefused("file_bomb")
    if any(info.file_size > MOST_RATIO * max(info.compress_size, 1) for info in members):
        raise FileRefused("file_bomb")
    # Members that share bytes unpack many times what the file holds.
    ends = 0
    for info in sorted(members, key=lambda info: info.header_offset):
        if info.header_offset < ends:
            raise FileRefused("file_bomb")
        ends = info.header_offset + 30 + len(info.filename.encode()) + info.compress_size
    if "xl/workbook.xml" not in archive.namelist():
        raise FileRefused("file_kind")


def _needed(name: str) -> bool:
    return name == "[Content_Types].xml" or (name.startswith(("_rels/", "xl/")) and name.endswith((".xml", ".rels")))


def _pack(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            # Without the NULs a UTF-16 part shows its DTD as well.
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<\0!\0" in content or b"\0<\0!" in content:
                raise FileRefused("file_entity")
            archive.writestr(name, content)
    return packed.getvalue()


def _read_workbook(packed: bytes) -> dict[str, list[Line]]:
    command = [sys.executable, "-I", str(_WORKER), str(MOST_ROWS + HEADER_WITHIN), str(MOST_COLUMNS)]
    with TemporaryFile() as given, TemporaryFile() as made:
        given.write(packed)
        given.seek(0)
        try:
            done = subprocess.run(  # noqa: S603
                command, stdin=given, stdout=made, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise FileRefused("file_bomb") from error
        if done.returncode:
            # The reader gave up with an exception, or the system stopped it at a limit.
            raise FileRefused("file_broken" if done.returncode == 1 else "file_bomb")
        made.seek(0)
        sheets = json.loads(made.read())
    return {
        name: [Line(number, [cell if type(cell) is str else _cell(cell) for cell in cells]) for number, cells in rows]
        for name, rows in sheets
    }


def _cell(value: str | float | bool | list[str]) -> Cell:
    return date.fromisoformat(value[1]) if isinstance(value, list) else value
