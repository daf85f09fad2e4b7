"""The first step of whoever edits the audit log of a PostgreSQL: the triggers that refuse it must go."""

from sqlalchemy import Connection, text

_DEFINED = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'audit'::regclass"


def unguard(db: Connection) -> list[str]:
    """Drop the triggers of the audit log; return the statements that put them back. SQLite has none."""
    if db.dialect.name == "sqlite":
        return []
    defined = list(db.exec_driver_sql(_DEFINED).scalars())
    for event in ("update", "delete", "truncate"):
        db.execute(text(f"DROP TRIGGER audit_no_{event} ON audit"))
    return defined


def guard(db: Connection, defined: list[str]) -> None:
    """Put the triggers back."""
    for statement in defined:
        db.exec_driver_sql(statement)
