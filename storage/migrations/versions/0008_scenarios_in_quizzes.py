"""Scenarios as parts of a quiz, with a weight; answers that are not complete yet"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In one statement that both databases know: SQLite would rebuild the table.
    op.execute("""
        ALTER TABLE attempt_item ADD COLUMN kind TEXT DEFAULT 'item' NOT NULL
        CONSTRAINT ck_attempt_item_kind CHECK (kind IN ('item', 'scenario'))
    """)
    op.add_column('attempt_item', sa.Column('weight', sa.Integer(), server_default='1', nullable=False))
    op.add_column('response', sa.Column('complete', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.execute("""
        UPDATE attempt_item SET kind = 'scenario'
        WHERE attempt_id IN (SELECT id FROM attempt WHERE kind = 'scenario')
    """)
