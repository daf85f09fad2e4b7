"""Indexes of the completion list, and of the codes of a person"""

from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_attempt_program_quiz', table_name='attempt')
    op.create_index('ix_attempt_standing', 'attempt', ['program_id', 'quiz_id', 'person_id', 'state', 'passed', 'number', 'score', 'closed_at'])
    op.drop_index('ix_certificate_person_program', table_name='certificate')
    op.create_index('ix_certificate_standing', 'certificate', ['person_id', 'program_id', 'expires_at', 'issued_at', 'id'])
    op.drop_index('ix_certificate_event_certificate_id', table_name='certificate_event')
    op.create_index('ix_certificate_event_standing', 'certificate_event', ['certificate_id', 'state'])
    op.create_index('ix_activation_code_person_id', 'activation_code', ['person_id'])
