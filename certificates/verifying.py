"""Tells anyone whether a certificate is genuine: by its public code, or by comparing a file byte by byte."""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from certificates import codes, pdf, reading, store, wording
from certificates.records import Certificate

MOST_BYTES = 5 * 1024 * 1024
_MARKED = re.compile(rb"SiNetral-sertifikat:([%s]{%d})" % (codes.ALPHABET.encode(), codes.LENGTH))
_MOST_MARKS = 3

State = Literal["valid", "revoked", "superseded", "expired", "unknown", "altered"]


class TooLarge(Exception):
    """The file is larger than any certificate could be."""


@dataclass(frozen=True)
class Checked:
    """The answer. `certificate` is what was issued under the code, also when the file differs from it."""

    state: State
    certificate: Certificate | None = None


def check_code(db: Connection, *, code: str, now: datetime) -> Checked:
    """Look a certificate up by its code, however it is typed. A running number is as unknown as a wrong code."""
    row = store.by_code(db, codes.mended(code))
    if row is None:
        return Checked("unknown")
    found = reading.certificate(db, row, now)
    return Checked(found.standing.state, found)


def check_file(db: Connection, *, data: bytes, now: datetime) -> Checked:
    """Compare a file with the one that its code names, made again from the record. Raises TooLarge.

    Every byte counts: a signature could still look valid on a changed file, equality cannot.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge
    # A forger may leave several marks; each is tried, a handful at most.
    marks = dict.fromkeys(match.decode() for match in _MARKED.findall(data))
    named = [check_code(db, code=code, now=now) for code in list(marks)[:_MOST_MARKS]]
    known = [checked for checked in named if checked.certificate is not None]
    for checked in known:
        if checked.certificate and _same(data, checked.certificate):
            return checked
    return Checked("altered", known[0].certificate) if known else Checked("unknown")


def check(db: Connection, *, what: str, now: datetime) -> Checked:
    """Check a file by its path, else a code. Raises TooLarge, or FileNotFoundError for a PDF that is not there."""
    path = Path(what)
    if not path.is_file() and path.suffix.lower() != ".pdf":
        return check_code(db, code=what, now=now)
    with path.open("rb") as file:
        return check_file(db, data=file.read(MOST_BYTES + 1), now=now)


def _same(data: bytes, certificate: Certificate) -> bool:
    # Both: the record may have been tampered with, or the hash.
    return sha256(data).hexdigest() == certificate.pdf_sha256 and data == pdf.render(certificate.record)


def reason(checked: Checked) -> str:
    """Say the answer in one Indonesian sentence."""
    if checked.certificate is None:
        return "Tidak ditemukan. Periksa kembali kodenya."
    if checked.state == "altered":
        return "Berkas ini berbeda dari yang diterbitkan."
    standing, record = checked.certificate.standing, checked.certificate.record
    if standing.since is None:
        return wording.EXAMPLE if record.is_example else "Sertifikat sah"
    day = wording.on_day(wording.local_day(standing.since, record.zone))
    return {
        "revoked": f"Dicabut pada {day}: {standing.reason}",
        "superseded": f"Digantikan oleh {standing.reason}",
        "expired": f"Kedaluwarsa sejak {day}",
    }[standing.state]


def as_json(checked: Checked) -> dict[str, object]:
    """Return the answer as the command prints it: state, reason and the printed fields but the NIP."""
    answer: dict[str, object] = {"state": checked.state, "reason": reason(checked), "number": None}
    if checked.certificate is None:
        return answer
    record = checked.certificate.record
    shown = {"number", "code", "link", "name", "unit", "program_title", "issued_at", "valid_until", "issuer_unit", "jp"}
    return answer | record.model_dump(mode="json", include=shown) | {"example": record.is_example}
