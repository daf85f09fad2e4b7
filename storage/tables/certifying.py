"""Tables of pledges and certificates."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from storage.tables.base import UtcDateTime, metadata, one_of, person_column

pledge = Table(
    "pledge",
    metadata,
    Column("id", Integer, primary_key=True),
    person_column(),
    Column("program_id", Text, nullable=False),
    Column("attempt_id", Integer, ForeignKey("attempt.id"), nullable=False, unique=True),
    Column("text_version", Integer, nullable=False),
    Column("text_hash", Text, nullable=False),
    Column("assurance", Text, nullable=False),
    Column("signed_at", UtcDateTime, nullable=False),
    Index("ix_pledge_person_program", "person_id", "program_id"),
)


certificate_counter = Table(
    "certificate_counter",
    metadata,
    Column("issuer_code", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)


certificate = Table(
    "certificate",
    metadata,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("issuer_code", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("number", Text, nullable=False),
    person_column(),
    Column("program_id", Text, nullable=False),
    Column("attempt_id", Integer, ForeignKey("attempt.id"), nullable=False, unique=True),
    Column("pledge_id", Integer, ForeignKey("pledge.id"), nullable=False, unique=True),
    Column("record", Text, nullable=False),
    Column("pdf_sha256", Text, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("is_example", Boolean, nullable=False),
    UniqueConstraint("issuer_code", "year", "sequence"),
    Index("ix_certificate_standing", "person_id", "program_id", "expires_at", "issued_at", "id", "attempt_id"),
)


certificate_event = Table(
    "certificate_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("certificate_id", Text, ForeignKey("certificate.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    person_column("actor_id", nullable=True),
    one_of("state", "revoked", "superseded"),
    Index("ix_certificate_event_standing", "certificate_id", "state"),
)
