"""PostgreSQL refuses changes to the audit log by itself, and the head of its chain is sealed with the installation's secret"""

import hmac

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

_FUNCTION = """
    CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$
"""
_POSTGRES = """
    CREATE TRIGGER audit_no_{event} BEFORE {event} ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(_FUNCTION)
        for event in ('update', 'delete', 'truncate'):
            op.execute(_POSTGRES.format(event=event))
    _seal(op.get_bind())


def _seal(db: sa.Connection) -> None:
    head = db.execute(sa.text("SELECT value FROM installation WHERE key = 'audit.head'")).scalar()
    used = db.execute(sa.text('SELECT EXISTS (SELECT 1 FROM person) OR EXISTS (SELECT 1 FROM audit)')).scalar()
    if head is None and used:
        return  # somebody removed it: a new one would hide that
    key = db.get_execution_options().get('audit_key', b'')

    def mac(said: str) -> str:
        return hmac.new(key, f'audit\n{said}'.encode(), 'sha256').hexdigest()

    value = f'{head}' if head is not None else f"0 {'0' * 64}"
    if head is None:
        db.execute(sa.text("INSERT INTO installation (key, value) VALUES ('audit.head', '')"))
    sealed = f"{value} {mac('key')[:12]} {mac(value)}"
    db.execute(sa.text("UPDATE installation SET value = :value WHERE key = 'audit.head'"), {'value': sealed})
