"""The first administrator: a one-time code made while nobody administers the installation."""

from datetime import datetime

from sqlalchemy import Connection

from people import account_store, codes, store

FIRST_ID = "admin"


def first_code(db: Connection, *, now: datetime) -> str | None:
    """Return a fresh one-time code for the first administrator; None once an administrator has signed in.

    The code that was printed at an earlier start ends.
    """
    if store.has_active_admin(db):
        return None
    found = store.person_by_identifier(db, FIRST_ID)
    person_id = int(found.id) if found else store.add_first_admin(db, FIRST_ID, now)
    # Whoever took the role from this account left nobody who could give it back.
    account_store.add_grant(db, person_id, "admin", None, None, now)
    return codes.issue(db, person_id=person_id, created_by=None, now=now)
