"""Confirming who registered themselves: nothing that a stranger may have left behind opens the account, or counts."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from people import lifting_store


def begin_anew(db: Connection, *, person_ids: Collection[int], now: datetime) -> None:
    """Take from declared people what they made themselves, in the transaction that confirms them.

    Password, sessions, second factor and agency account go, so that only a personal code or the agency opens the
    account. Quizzes with a pass mark begin anew: what was answered while declared proves nobody's knowledge. What
    was read stays read.
    """
    if person_ids:
        lifting_store.close_ways_in(db, person_ids, now)
        lifting_store.close_attempts(db, person_ids, now)
        lifting_store.open_rounds(db, person_ids, now)
