"""Tables of the installation itself: facts, exports, audit."""

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from storage.tables.base import UtcDateTime, metadata, person_column

installation = Table(
    "installation",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)


export = Table(
    "export",
    metadata,
    Column("id", Text, primary_key=True),
    person_column(),
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
