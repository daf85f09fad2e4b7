"""Many certificates in one ZIP: stored, not deflated, one file in memory at a time."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import RawIOBase
from typing import Any, cast
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
    day_from: date | None = None,
    day_to: date | None = None,
    zone: str = "Asia/Jakarta",
) -> Iterator[Certificate]:
    """Yield the certificates in scope, by number; both days of issue, in `zone`, are included."""
    start = datetime.combine(day_from, time(), ZoneInfo(zone)) if day_from else None
    end = datetime.combine(day_to + timedelta(days=1), time(), ZoneInfo(zone)) if day_to else None
    rows = store.issued(db, scope=scope, program_id=program_id, units=units, start=start, end=end)
    return (reading.certificate(db, row, now) for row in rows)


def stream(chosen: Iterator[Certificate]) -> Iterator[bytes]:
    """Yield a ZIP of the PDFs, piece by piece. Raises files.Changed."""
    sink, taken = _Sink(), set[str]()
    with ZipFile(cast(Any, sink), "w", ZIP_STORED) as archive:
        for certificate in chosen:
            file = files.file(certificate)
            issued = certificate.record.issued_at.astimezone(ZoneInfo(certificate.record.zone))
            member = ZipInfo(_free(file.name, taken), issued.timetuple()[:6])
            archive.writestr(member, file.content)
            yield sink.take()
    yield sink.take()


class _Sink(RawIOBase):
    """Takes what is written and hands it on; like a socket it cannot be sought in."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self.parts.append(bytes(part))
        return len(self.parts[-1])

    def take(self) -> bytes:
        """Return what was written since the last time."""
        parts, self.parts = self.parts, []
        return b"".join(parts)


def _free(name: str, taken: set[str]) -> str:
    """Return the name, or with a counter where another certificate has it already, and note it as taken."""
    stem, free, count = name.removesuffix(".pdf"), name, 1
    while free.lower() in taken:
        count += 1
        free = f"{stem}-{count}.pdf"
    taken.add(free.lower())
    return free
