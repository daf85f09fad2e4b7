"""Second factors: TOTP keys, recovery codes, and what opened each login session"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('totp',
    sa.Column('person_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_totp_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_totp'))
    )
    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_recovery_code_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code')),
    sa.UniqueConstraint('person_id', 'code_hash', name=op.f('uq_recovery_code_person_id_code_hash'))
    )
    # Sessions that are open now had a password alone: staff enter their second factor next.
    # In one statement that both databases know: SQLite would rebuild the table, its constraints in any order.
    op.execute("""
        ALTER TABLE login_session ADD COLUMN factors TEXT DEFAULT 'password' NOT NULL
        CONSTRAINT ck_login_session_factors CHECK (factors IN ('password', 'totp', 'sso'))
    """)
    op.add_column('login_session', sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True))
