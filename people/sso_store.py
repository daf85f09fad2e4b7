"""SQL of the agency's sign-in: which of its accounts is whose, and which callbacks were used."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from people import account_store
from storage.tables import sso_account, sso_state


def use_state(db: Connection, state_hash: str, now: datetime, *, forget_before: datetime) -> bool:
    """Note that a callback was used; False when it was before. Of two at once, one gets True."""
    account_store.lock_bucket(db, state_hash)
    db.execute(delete(sso_state).where(sso_state.c.used_at < forget_before))
    if db.execute(select(sso_state.c.used_at).where(sso_state.c.state_hash == state_hash)).scalar() is not None:
        return False
    db.execute(insert(sso_state).values(state_hash=state_hash, used_at=now))
    return True


def lock_links(db: Connection) -> None:
    """Let one account be bound at a time."""
    account_store.lock_bucket(db, "sso link")


def person_of(db: Connection, issuer: str, subject: str) -> int | None:
    """Return whose account this is."""
    mine = sso_account.c.issuer == issuer, sso_account.c.subject == subject
    return db.execute(select(sso_account.c.person_id).where(*mine)).scalar()


def is_linked(db: Connection, issuer: str, person_id: int) -> bool:
    """Tell whether a person has an account there."""
    mine = sso_account.c.issuer == issuer, sso_account.c.person_id == person_id
    return db.execute(select(sso_account.c.id).where(*mine)).scalar() is not None


def link(db: Connection, issuer: str, subject: str, person_id: int, now: datetime) -> None:
    """Note whose account this is from now on."""
    values = {"issuer": issuer, "subject": subject, "person_id": person_id, "linked_at": now}
    db.execute(insert(sso_account), values)


def unlink(db: Connection, person_id: int) -> bool:
    """Forget a person's accounts; False when there was none."""
    return db.execute(delete(sso_account).where(sso_account.c.person_id == person_id)).rowcount > 0
