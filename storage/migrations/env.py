"""Alembic environment: runs on the connection that storage.migrating hands over."""

from typing import Any

from alembic import context

from storage.tables import UtcDateTime, metadata


def render_item(kind: str, item: Any, _autogen: Any) -> Any:
    """Write our datetime type as plain SQLAlchemy: a migration must not change when our code does."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_item=render_item,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=False,  # the caller's transaction holds the lock and covers every step
)
with context.begin_transaction():
    context.run_migrations()
