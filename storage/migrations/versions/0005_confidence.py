"""How sure a person was of an answer"""

from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In one statement that both databases know: SQLite would rebuild the table.
    op.execute("""
        ALTER TABLE response ADD COLUMN confidence TEXT
        CONSTRAINT ck_response_confidence CHECK (confidence IN ('unsure', 'fairly', 'sure'))
    """)
