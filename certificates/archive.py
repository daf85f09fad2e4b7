"""Many certificates in one ZIP: stored, not deflated, one file in memory at a time."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from certificates import files, reading, store
from certificates.records import Certificate
from people.roles import Scope


def certificates(
    db: Connection,
    *,
    scope: Scope,
    now: datetime,
    program_id: str | None = None,
    units: frozenset[int] | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
) -> Iterator[Certificate]:
    """Yield the certificates in scope, by number; `start` and `end` (exclusive) bound the moment of issue."""
    rows = store.issued(db, scope=scope, program_id=program_id, units=units, start=start, end=end)
    return (reading.certificate(db, row, now) for row in rows)


def write(target: BinaryIO, chosen: Iterator[Certificate]) -> int:
    """Write the PDFs into a ZIP, which need not be seekable; return how many. Raises files.Changed."""
    taken: set[str] = set()
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for certificate in chosen:
            file = files.file(certificate)
            issued = certificate.record.issued_at.astimezone(ZoneInfo(certificate.record.zone))
            member = ZipInfo(_free(file.name, taken), issued.timetuple()[:6])
            archive.writestr(member, file.content)
            taken.add(member.filename.lower())
    return len(taken)


def _free(name: str, taken: set[str]) -> str:
    """Return the name, or with a counter where another certificate has it already."""
    stem, free, count = name.removesuffix(".pdf"), name, 1
    while free.lower() in taken:
        count += 1
        free = f"{stem}-{count}.pdf"
    return free
