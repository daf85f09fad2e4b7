"""From a stored row to a certificate, with its standing at this moment."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from certificates import codes, store
from certificates.records import Certificate, Record, standing
from certificates.refusals import UnknownCertificate


def certificate(db: Connection, row: Any, now: datetime) -> Certificate:
    """Return the certificate that a row of the store stands for."""
    return Certificate(
        id=row.id,
        person_id=row.person_id,
        unit_id=row.unit_id,
        record=Record.model_validate_json(row.record),
        pdf_sha256=row.pdf_sha256,
        standing=standing(store.events_of(db, row.id), row.expires_at, now),
    )


def by_id(db: Connection, certificate_id: str, now: datetime) -> Certificate:
    """Return a certificate. Raises UnknownCertificate."""
    row = store.by_id(db, certificate_id)
    if row is None:
        raise UnknownCertificate(certificate_id)
    return certificate(db, row, now)


def named(db: Connection, text: str, now: datetime) -> Certificate:
    """Return the certificate with this printed number or public code. Raises UnknownCertificate."""
    row = store.by_number(db, text.strip()) or store.by_code(db, codes.mended(text))
    if row is None:
        raise UnknownCertificate(text)
    return certificate(db, row, now)
