"""Who has begun a programme, for the figures of the completion list, and indexes that spare it the tables"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'begun',
        sa.Column('program_id', sa.Text(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_begun_person_id')),
        sa.PrimaryKeyConstraint('program_id', 'person_id', name=op.f('pk_begun')),
    )
    if op.get_bind().dialect.name == 'postgresql':
        # Whoever stores a section at this moment comes before or after, never beside.
        op.execute("LOCK TABLE section_progress, attempt IN SHARE MODE")
    op.execute("""
        INSERT INTO begun (program_id, person_id)
        SELECT program_id, person_id FROM section_progress UNION SELECT program_id, person_id FROM attempt
        ORDER BY 1, 2
    """)
    op.create_index('ix_person_standing', 'person', ['id', 'unit_id', 'state', 'assurance'])
    op.drop_index('ix_certificate_standing', table_name='certificate')
    op.create_index('ix_certificate_standing', 'certificate', ['person_id', 'program_id', 'expires_at', 'issued_at', 'id', 'attempt_id'])
