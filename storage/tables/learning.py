"""Tables of learning and answering: progress, attempts, responses, decisions."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text, true

from storage.tables.base import UtcDateTime, metadata, one_of, person_column

section_progress = Table(
    "section_progress",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True),
    Column("program_id", Text, primary_key=True),
    Column("module_id", Text, primary_key=True),
    Column("section_id", Text, primary_key=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("completed_at", UtcDateTime),
)


# Who has opened a section or begun an attempt: stored with the first of them, in the same transaction.
begun = Table(
    "begun",
    metadata,
    Column("program_id", Text, primary_key=True),
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True),
)


check_response = Table(
    "check_response",
    metadata,
    Column("id", Integer, primary_key=True),
    person_column(),
    Column("program_id", Text, nullable=False),
    Column("module_id", Text, nullable=False),
    Column("section_id", Text, nullable=False),
    Column("choice", Integer, nullable=False),
    Column("correct", Boolean, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    Index("ix_check_response_place", "person_id", "program_id", "module_id", "section_id"),
)


card_response = Table(
    "card_response",
    metadata,
    Column("id", Integer, primary_key=True),
    person_column(),
    Column("program_id", Text, nullable=False),
    Column("module_id", Text, nullable=False),
    Column("card_id", Text, nullable=False),
    Column("ruling", Text, nullable=False),
    Column("correct", Boolean, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    Index("ix_card_response_place", "person_id", "program_id", "module_id"),
)


place = Table(
    "place",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True),
    Column("program_id", Text, primary_key=True),
    Column("step_id", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("at", UtcDateTime, nullable=False),
)


chosen_role = Table(
    "chosen_role",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True),
    Column("program_id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("chosen_at", UtcDateTime, nullable=False),
)


content_version = Table(
    "content_version",
    metadata,
    Column("version", Text, primary_key=True),
    Column("content_id", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("first_used_at", UtcDateTime, nullable=False),
)


attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    person_column(),
    Column("program_id", Text, nullable=False),
    Column("quiz_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("started_at", UtcDateTime, nullable=False),
    Column("deadline_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("pass_mark", Integer),
    Column("score", Integer),
    Column("passed", Boolean),
    one_of("kind", "quiz", "scenario"),
    one_of("state", "open", "submitted", "expired"),
    UniqueConstraint("person_id", "program_id", "quiz_id", "number"),
    # Holds all that the completion list needs of an attempt, in the order of persons.
    Index(
        "ix_attempt_standing",
        *("program_id", "quiz_id", "person_id", "state", "passed", "number", "score", "closed_at"),
    ),
)
# One open attempt per person and quiz, however many tabs press "Mulai kuis".
Index(
    "uq_attempt_open",
    attempt.c.person_id,
    attempt.c.program_id,
    attempt.c.quiz_id,
    unique=True,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)


quiz_round = Table(
    "quiz_round",
    metadata,
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True),
    Column("program_id", Text, primary_key=True),
    Column("quiz_id", Text, primary_key=True),
    Column("after_number", Integer, primary_key=True),
    Column("opened_at", UtcDateTime, nullable=False),
    person_column("opened_by"),
)


attempt_item = Table(
    "attempt_item",
    metadata,
    Column("attempt_id", Integer, ForeignKey("attempt.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("item_id", Text, nullable=False),
    Column("version", Text, ForeignKey("content_version.version"), nullable=False),
    Column("option_order", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="item"),
    Column("weight", Integer, nullable=False, server_default="1"),
    one_of("kind", "item", "scenario"),
)


response = Table(
    "response",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt_id", Integer, ForeignKey("attempt.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("choice", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    Column("confidence", Text),
    # False while the decisions of a scenario have not led to an ending.
    Column("complete", Boolean, nullable=False, server_default=true()),
    UniqueConstraint("attempt_id", "position", "sequence"),
    UniqueConstraint("attempt_id", "token"),
    one_of("confidence", "unsure", "fairly", "sure"),
)


decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt_id", Integer, ForeignKey("attempt.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("node_id", Text, nullable=False),
    Column("choice_id", Text),
    Column("decided_at", UtcDateTime, nullable=False),
    UniqueConstraint("attempt_id", "sequence"),
)


allowance = Table(
    "allowance",
    metadata,
    Column("id", Integer, primary_key=True),
    person_column(),
    Column("program_id", Text, nullable=False),
    Column("quiz_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    person_column("granted_by"),
    Column("granted_at", UtcDateTime, nullable=False),
    one_of("kind", "time", "try", "reopen"),
    Index("ix_allowance_person_quiz", "person_id", "program_id", "quiz_id"),
)
