"""Login sessions: opaque random token in a cookie, its hash in a revocable row that every run and route reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Connection

from people import store
from people.roles import Actor, Factors, granted

IDLE_LEARNER = timedelta(hours=8)
IDLE_STAFF = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_STEP = timedelta(minutes=1)


def hashed(token: str) -> str:
    """Return what the database keeps of a token or code."""
    return sha256(token.encode()).hexdigest()


def open_session(
    db: Connection, *, person_id: int, assurance: str, now: datetime, factors: Factors = "password"
) -> str:
    """Open a login session and return its token: new at every sign-in, 256 bits, never stored itself."""
    token = token_urlsafe(32)
    known = {"person_id": person_id, "assurance": assurance, "factors": factors}
    times = {"created_at": now, "seen_at": now, "proved_at": now, "expires_at": now + ABSOLUTE}
    store.add_session(db, {"token_hash": hashed(token), **known, **times})
    return token


def close_session(db: Connection, *, token: str, now: datetime) -> None:
    """End the session of this token (sign-out)."""
    store.revoke_session(db, hashed(token), now, "keluar")


@dataclass(frozen=True)
class Resolved:
    """A valid session's actor, and whether its last use should be noted (at most once a minute)."""

    actor: Actor
    stale: bool


def resolve(db: Connection, *, token: str, now: datetime) -> Resolved | None:
    """Return who a cookie belongs to, or None when the session is unknown, ended or idle too long.

    Idle: learners 8 hours, staff 30 minutes; absolute: 12 hours (threats T09).
    """
    row = store.session_by_token(db, hashed(token)) if token else None
    if row is None or row.revoked_at is not None or now >= row.expires_at or row.state != "active":
        return None
    grants = store.grants_of(db, row.person_id)
    if now - row.seen_at >= (IDLE_STAFF if grants else IDLE_LEARNER):
        return None
    roles = granted((role for role, _ in grants), factors=row.factors, is_example=row.is_example)
    hr_units = [unit_id for role, unit_id in grants if role == "hr" and role in roles and unit_id is not None]
    needs_two = bool(grants or row.has_totp) and not row.is_example
    actor = Actor(
        person_id=row.person_id,
        name=row.name,
        login_id=row.login_id,
        nip=row.nip,
        unit_id=row.unit_id,
        zone=row.zone or "Asia/Jakarta",
        assurance=row.assurance,
        roles=roles,
        hr_units=store.units_below(db, hr_units) if hr_units else frozenset(),
        is_example=row.is_example,
        factors=row.factors,
        owes_factor=needs_two and row.factors == "password",
        proved_at=row.proved_at,
    )
    return Resolved(actor, now - row.seen_at >= SEEN_STEP)


def note_use(db: Connection, *, actor: Actor, now: datetime) -> None:
    """Move the idle limit forward."""
    store.touch_session(db, actor.login_id, now)
