"""Rounds of quizzes: a certificate that ends can be renewed"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('quiz_round',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('program_id', sa.Text(), nullable=False),
    sa.Column('quiz_id', sa.Text(), nullable=False),
    sa.Column('after_number', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['opened_by'], ['person.id'], name=op.f('fk_quiz_round_opened_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_quiz_round_person_id')),
    sa.PrimaryKeyConstraint('person_id', 'program_id', 'quiz_id', 'after_number', name=op.f('pk_quiz_round'))
    )
