"""Tables of the people room: units, persons, roles, codes, second factors and login sessions."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from storage.tables.base import UtcDateTime, metadata, one_of, person_column

unit = Table(
    "unit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", Integer, ForeignKey("unit.id")),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False, server_default="Asia/Jakarta"),
    one_of("zone", "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
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
    # True where the password was accepted with fewer characters, because a second factor stood beside it.
    Column("password_short", Boolean, nullable=False, server_default=text("false")),
    Column("state", Text, nullable=False, server_default="active"),
    Column("is_example", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    one_of("kind", "pns", "pppk", "non_asn"),
    one_of("assurance", "declared", "roster", "code", "sso"),
    one_of("state", "active", "gone"),
    CheckConstraint("nip IS NOT NULL OR employee_id IS NOT NULL", name="identified"),
    # Holds all that the figures of the completion list need of a person.
    Index("ix_person_standing", "id", "unit_id", "state", "assurance"),
)


role_grant = Table(
    "role_grant",
    metadata,
    Column("id", Integer, primary_key=True),
    person_column(),
    Column("role", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("unit.id")),
    Column("granted_at", UtcDateTime, nullable=False),
    person_column("granted_by", nullable=True),
    one_of("role", "trainer", "hr", "author", "admin"),
)
Index("uq_role_grant", role_grant.c.person_id, role_grant.c.role, text("coalesce(unit_id, 0)"), unique=True)


activation_code = Table(
    "activation_code",
    metadata,
    Column("id", Integer, primary_key=True),
    person_column(),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    person_column("created_by", nullable=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Index("ix_activation_code_person_id", "person_id"),
)


login_session = Table(
    "login_session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    person_column(),
    Column("assurance", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("revoked_reason", Text),
    Column("factors", Text, nullable=False, server_default="password"),
    Column("proved_at", UtcDateTime),
    Index("ix_login_session_person_id", "person_id"),
    one_of("factors", "password", "totp", "sso"),
)


totp = Table(
    "totp",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("sealed", Text, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
    Column("last_step", Integer, nullable=False),
)


recovery_code = Table(
    "recovery_code",
    metadata,
    Column("id", Integer, primary_key=True),
    person_column(),
    Column("code_hash", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    UniqueConstraint("person_id", "code_hash"),
)


sso_account = Table(
    "sso_account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    person_column(),
    Column("linked_at", UtcDateTime, nullable=False),
    UniqueConstraint("issuer", "subject"),
    UniqueConstraint("issuer", "person_id"),
)


sso_state = Table(
    "sso_state",
    metadata,
    Column("state_hash", Text, primary_key=True),
    Column("used_at", UtcDateTime, nullable=False),
)


login_failure = Table(
    "login_failure",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bucket", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_login_failure_bucket_at", "bucket", "at"),
)
