"""Reads a whole roster file: every row is taken or refused, and nobody stands in it twice."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from people import columns, sheets
from people.rows import RefusedRow, RosterRow, check
from people.sheets import MOST_ROWS, FileRefused


@dataclass(frozen=True)
class Table:
    """A file's rows, and the digest of the file.

    `ignored` are headers of columns that are not used, `unread` names of sheets that are not; a NIK column never is.
    """

    rows: list[RosterRow]
    refused: list[RefusedRow]
    digest: str
    ignored: tuple[str, ...] = ()
    has_nik: bool = False
    unread: tuple[str, ...] = ()

    @property
    def unused(self) -> str:
        """The headers of the columns that are not used, each cut short, in one line."""
        return ", ".join(" ".join(title[:40].split()) for title in self.ignored)


def read(data: bytes, *, today: date) -> Table:
    """Read a CSV or XLSX: every row is either taken or refused with its mend. Raises FileRefused."""
    lines, unread = sheets.read(data, score=columns.score, is_list=columns.is_list)
    header = columns.find(lines)
    rows: list[RosterRow] = []
    refused: list[RefusedRow] = []
    seen: dict[str, int] = {}
    for line in lines:
        if line.number <= header.line:
            continue
        found = check(line, header, today=today)
        if isinstance(found, RosterRow):
            found = _first_of_its_kind(found, seen)
        if isinstance(found, RosterRow):
            rows.append(found)
        elif found is not None:
            refused.append(found)
    if len(rows) + len(refused) > MOST_ROWS:
        raise FileRefused("file_rows")
    return Table(rows, refused, sha256(data).hexdigest(), header.ignored, "nik" in header.columns, unread)


def _first_of_its_kind(row: RosterRow, seen: dict[str, int]) -> RosterRow | RefusedRow:
    for column, key in (("NIP", row.nip), ("ID Pegawai", row.employee_id)):
        if key is None:
            continue
        first = seen.setdefault(f"{column} {key}", row.row)
        if first != row.row:
            code = "duplicate_name" if row.unnumbered else "duplicate"
            given = "" if row.unnumbered else row.key
            return RefusedRow(row.row, column, code, str(first), row.key, row.path, row.name, given)
    return row
