"""Throttling of password tries: ten failures in fifteen minutes per bucket, and never by address alone, for a whole
office shares one. A try is counted before it is checked, so that a thousand at once are no way round."""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import Connection

from people import account_store

LIMIT = 10
WINDOW = timedelta(minutes=15)
# So many failures in the window, over all accounts, are an attack: unknown devices then get fewer tries.
ATTACK = 3_000
LIMIT_UNDER_ATTACK = 3


class Throttled(Exception):
    """Too many failures; `until` is when the next try counts again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


def bucket(kind: str, name: str, *, key: bytes) -> str:
    """Return the name of a bucket; the table of failures shows nobody's NIP."""
    return hmac.new(key, f"{kind}\n{name}".encode(), "sha256").hexdigest()


def reserve(db: Connection, *, bucket: str, known_device: bool, now: datetime, limit: int = LIMIT) -> int:
    """Count a try as failed until `release`; return its number. Raises Throttled."""
    account_store.lock_bucket(db, bucket)
    under_attack = not known_device and account_store.failures_reach(db, ATTACK, since=now - WINDOW)
    limit = LIMIT_UNDER_ATTACK if under_attack else limit
    failures = account_store.latest_failures(db, bucket, since=now - WINDOW, most=limit)
    if len(failures) >= limit:
        raise Throttled(failures[-1] + WINDOW)
    account_store.forget_failures(db, before=now - WINDOW)
    return account_store.add_failure(db, bucket, now)


def release(db: Connection, *, number: int) -> None:
    """Take a try back: it succeeded."""
    account_store.remove_failure(db, number)
