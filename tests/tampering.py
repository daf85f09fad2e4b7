"""The first step of whoever edits the audit log: the triggers that refuse it must go."""

from sqlalchemy import Connection, text

_DEFINED = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'",
    "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'audit'::regclass",
}


def unguard(db: Connection) -> list[str]:
    """Drop the triggers of the audit log; return the statements that put them back."""
    defined = list(db.exec_driver_sql(_DEFINED[db.dialect.name]).scalars())
    where = " ON audit" if db.dialect.name == "postgresql" else ""
    for event in ("update", "delete", "truncate" if where else "replace"):
        db.execute(text(f"DROP TRIGGER audit_no_{event}{where}"))
    return defined


def guard(db: Connection, defined: list[str]) -> None:
    """Put the triggers back: a backup without them would be refused."""
    for statement in defined:
        db.exec_driver_sql(statement)
