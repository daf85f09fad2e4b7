"""Accounts at the agency's sign-in, and callbacks that were used"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sso_account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('issuer', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sso_account_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sso_account')),
    sa.UniqueConstraint('issuer', 'person_id', name=op.f('uq_sso_account_issuer_person_id')),
    sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_sso_account_issuer_subject'))
    )
    op.create_table('sso_state',
    sa.Column('state_hash', sa.Text(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('state_hash', name=op.f('pk_sso_state'))
    )
