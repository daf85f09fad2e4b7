"""Rounds of a quiz: a certificate that ends is renewed by passing once more, and what came before lies behind."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from quizzes import round_store


@dataclass(frozen=True)
class Round:
    """What counts now: attempts with a number above `after`, and allowances given since `opened_at`."""

    after: int = 0
    opened_at: datetime | None = None

    def covers(self, given_at: datetime) -> bool:
        """Tell whether an allowance of this moment belongs to the round."""
        return self.opened_at is None or given_at >= self.opened_at


FIRST = Round()


def rounds(db: Connection, *, person_id: int, program_id: str) -> dict[str, Round]:
    """Return a person's rounds by quiz; a quiz that is missing is in its first one."""
    found = round_store.rounds_of(db, person_id, program_id)
    return {quiz_id: Round(after, opened_at) for quiz_id, (after, opened_at) in found.items()}


def begin(
    db: Connection,
    *,
    person_id: int,
    program_id: str,
    quiz_id: str,
    opened_by: int,
    now: datetime,
    since: datetime | None = None,
) -> bool:
    """Let a person take a quiz once more: all attempts closed so far lie behind. False when it was open already.

    A round opened up to the moment `since` does not count as open. Whether they may is for the certificates room.
    """
    key = {"person_id": person_id, "program_id": program_id, "quiz_id": quiz_id}
    # An open attempt is not put behind: it would be lost to its round, and no other could begin beside it.
    after = round_store.last_closed(db, **key)
    return round_store.add_round(db, {**key, "after_number": after, "opened_at": now, "opened_by": opened_by}, since)
