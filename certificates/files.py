"""The files of a certificate, for its holder and for HR of the holder's unit."""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from certificates import pdf, reading, store
from certificates.records import Certificate
from people.roles import Actor, see_certificate

NAME_LETTERS = 60


class Changed(Exception):
    """The record no longer gives the bytes that were issued: record or software was changed. Nothing is handed out."""


@dataclass(frozen=True)
class File:
    """A PDF and the name it is saved under."""

    name: str
    content: bytes


def readable(db: Connection, *, actor: Actor, certificate_id: str, now: datetime) -> Certificate:
    """Return a certificate that the actor may see. Raises UnknownCertificate or Refused."""
    found = reading.by_id(db, certificate_id, now)
    see_certificate(actor, owner_id=found.person_id, owner_unit_id=found.unit_id)
    return found


def file(certificate: Certificate) -> File:
    """Make the PDF again, exactly as issued. Raises Changed."""
    content = pdf.render(certificate.record)
    if sha256(content).hexdigest() != certificate.pdf_sha256:
        raise Changed(certificate.id)
    return File(f"sertifikat-{slug(certificate.record.number)}.pdf", content)


def of_person(db: Connection, *, actor: Actor, now: datetime) -> list[Certificate]:
    """Return the actor's own certificates, newest first."""
    return [reading.certificate(db, row, now) for row in store.of_person(db, actor.person_id)]


def slug(number: str) -> str:
    """Turn a certificate number into a file name of plain letters, digits and hyphens."""
    return re.sub(r"[^A-Za-z0-9]+", "-", number).strip("-")[:NAME_LETTERS] or "tanpa-nomor"
