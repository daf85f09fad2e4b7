"""Every table. Times are UTC; enumerations are short English words checked by the database."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime: timestamptz on PostgreSQL, naive UTC text on SQLite, aware in Python on both."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _person(name: str = "person_id", *, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey("person.id"), nullable=nullable)


unit = Table(
    "unit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", Integer, ForeignKey("unit.id")),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False, server_default="Asia/Jakarta"),
    _one_of("zone", "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
)
Index("uq_unit_parent_name", text("coalesce(parent_id, 0)"), unit.c.name, unique=True)

person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("nip", Text, unique=True),
    Column("employee_id", Text, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("position", Text, nullable=False, server_default=""),
    Column("email", Text, nullable=False, server_default=""),
    Column("phone", Text, nullable=False, server_default=""),
    Column("unit_id", Integer, ForeignKey("unit.id"), index=True),
    Column("assurance", Text, nullable=False, server_default="roster"),
    Column("password_hash", Text),
    Column("state", Text, nullable=False, server_default="active"),
    Column("is_example", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    _one_of("kind", "pns", "pppk", "non_asn"),
    _one_of("assurance", "declared", "roster", "code", "sso"),
    _one_of("state", "active", "gone"),
    CheckConstraint("nip IS NOT NULL OR employee_id IS NOT NULL", name="identified"),
)

role_grant = Table(
    "role_grant",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("role", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("unit.id")),
    Column("granted_at", UtcDateTime, nullable=False),
    _person("granted_by", nullable=True),
    _one_of("role", "trainer", "hr", "author", "admin"),
)
Index("uq_role_grant", role_grant.c.person_id, role_grant.c.role, text("coalesce(unit_id, 0)"), unique=True)

activation_code = Table(
    "activation_code",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    _person("created_by", nullable=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

login_session = Table(
    "login_session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    _person(),
    Column("assurance", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("revoked_reason", Text),
    Index("ix_login_session_person_id", "person_id"),
)

login_failure = Table(
    "login_failure",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bucket", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_login_failure_bucket_at", "bucket", "at"),
)

installation = Table(
    "installation",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

section_progress = Table(
    "section_progress",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True),
    Column("program_id", Text, primary_key=True),
    Column("module_id", Text, primary_key=True),
    Column("section_id", Text, primary_key=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("completed_at", UtcDateTime),
)

check_response = Table(
    "check_response",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("program_id", Text, nullable=False),
    Column("module_id", Text, nullable=False),
    Column("section_id", Text, nullable=False),
    Column("choice", Integer, nullable=False),
    Column("correct", Boolean, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    Index("ix_check_response_place", "person_id", "program_id", "module_id", "section_id"),
)

card_response = Table(
    "card_response",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("program_id", Text, nullable=False),
    Column("module_id", Text, nullable=False),
    Column("card_id", Text, nullable=False),
    Column("ruling", Text, nullable=False),
    Column("correct", Boolean, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    Index("ix_card_response_place", "person_id", "program_id", "module_id"),
)

place = Table(
    "place",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True),
    Column("program_id", Text, primary_key=True),
    Column("step_id", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
)

content_version = Table(
    "content_version",
    metadata,
    Column("version", Text, primary_key=True),
    Column("content_id", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("first_used_at", UtcDateTime, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("program_id", Text, nullable=False),
    Column("quiz_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("started_at", UtcDateTime, nullable=False),
    Column("deadline_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("pass_mark", Integer),
    Column("score", Integer),
    Column("passed", Boolean),
    _one_of("kind", "quiz", "scenario"),
    _one_of("state", "open", "submitted", "expired"),
    UniqueConstraint("person_id", "program_id", "quiz_id", "number"),
    Index("ix_attempt_program_quiz", "program_id", "quiz_id"),
)
# One open attempt per person and quiz, however many tabs press "Mulai kuis".
Index(
    "uq_attempt_open",
    attempt.c.person_id,
    attempt.c.program_id,
    attempt.c.quiz_id,
    unique=True,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)

attempt_item = Table(
    "attempt_item",
    metadata,
    Column("attempt_id", Integer, ForeignKey("attempt.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("version", Text, ForeignKey("content_version.version"), nullable=False),
    Column("option_order", Text, nullable=False),
)

response = Table(
    "response",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt_id", Integer, ForeignKey("attempt.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("choice", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    UniqueConstraint("attempt_id", "position", "sequence"),
    UniqueConstraint("attempt_id", "token"),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt_id", Integer, ForeignKey("attempt.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("node_id", Text, nullable=False),
    Column("choice_id", Text),
    Column("decided_at", UtcDateTime, nullable=False),
    UniqueConstraint("attempt_id", "sequence"),
)

allowance = Table(
    "allowance",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
    Column("program_id", Text, nullable=False),
    Column("quiz_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    _person("granted_by"),
    Column("granted_at", UtcDateTime, nullable=False),
    _one_of("kind", "time", "try", "reopen"),
    Index("ix_allowance_person_quiz", "person_id", "program_id", "quiz_id"),
)

pledge = Table(
    "pledge",
    metadata,
    Column("id", Integer, primary_key=True),
    _person(),
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
    _person(),
    Column("program_id", Text, nullable=False),
    Column("attempt_id", Integer, ForeignKey("attempt.id"), nullable=False, unique=True),
    Column("pledge_id", Integer, ForeignKey("pledge.id"), nullable=False, unique=True),
    Column("record", Text, nullable=False),
    Column("pdf_sha256", Text, nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("is_example", Boolean, nullable=False),
    UniqueConstraint("issuer_code", "year", "sequence"),
    Index("ix_certificate_person_program", "person_id", "program_id"),
)

certificate_event = Table(
    "certificate_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("certificate_id", Text, ForeignKey("certificate.id"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    _person("actor_id", nullable=True),
    _one_of("state", "revoked", "superseded"),
)

export = Table(
    "export",
    metadata,
    Column("id", Text, primary_key=True),
    _person(),
    Column("kind", Text, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("person_id", "kind", "arguments"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
)
