"""Passwords of the self-registered end at the roster; a password that needs a second factor is known as such"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

# On the roster with a password: registered by somebody before the roster knew the number. Nobody has confirmed who.
_UNCONFIRMED = "assurance = 'roster' AND password_hash IS NOT NULL AND NOT is_example"
_THEIRS = f"person_id IN (SELECT id FROM person WHERE {_UNCONFIRMED})"
_DECIDES = "kind = 'quiz' AND pass_mark IS NOT NULL"


def upgrade() -> None:
    op.add_column('person', sa.Column('password_short', sa.Boolean(), server_default=sa.false(), nullable=False))
    # How long the passwords of today are nobody knows; twelve characters were enough beside a second factor.
    op.execute("""
        UPDATE person SET password_short = true
        WHERE password_hash IS NOT NULL AND id IN (SELECT person_id FROM totp)
    """)
    op.execute(f"""
        INSERT INTO quiz_round (person_id, program_id, quiz_id, after_number, opened_at, opened_by)
        SELECT person_id, program_id, quiz_id, max(number), CURRENT_TIMESTAMP, person_id FROM attempt AS a
        WHERE {_DECIDES} AND {_THEIRS} AND NOT EXISTS (
            SELECT 1 FROM quiz_round AS r
            WHERE r.person_id = a.person_id AND r.program_id = a.program_id AND r.quiz_id = a.quiz_id
        )
        GROUP BY person_id, program_id, quiz_id
    """)
    op.execute(f"""
        UPDATE attempt SET state = 'expired', closed_at = CURRENT_TIMESTAMP, score = 0, passed = false
        WHERE state = 'open' AND {_DECIDES} AND {_THEIRS}
    """)
    op.execute(f"""
        UPDATE login_session SET revoked_at = CURRENT_TIMESTAMP, revoked_reason = 'dipastikan'
        WHERE revoked_at IS NULL AND {_THEIRS}
    """)
    for table in ('recovery_code', 'totp', 'sso_account'):
        op.execute(f"DELETE FROM {table} WHERE {_THEIRS}")
    op.execute(f"UPDATE person SET password_hash = NULL WHERE {_UNCONFIRMED}")
