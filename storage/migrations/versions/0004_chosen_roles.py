"""Chosen roles: which of the roles a person plays in the scenarios of a programme"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('chosen_role',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('program_id', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_chosen_role_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'program_id', name=op.f('pk_chosen_role'))
    )
