"""Time-based codes (RFC 6238): the key, its address for an app, which step a typed code belongs to, and the seal.

A kept key is sealed with the cookie secret and bound to its person: a copy of the database shows none and moves none.
"""

import hmac
from base64 import b32encode
from datetime import datetime
from hashlib import sha256

from pyotp import TOTP

from people import sealing

SECONDS = 30
ISSUER = "SiNetral"
# The clock of a phone may be off by half a minute either way.
_NEIGHBOURS = (0, -1, 1)


def secret_of(token: str, *, key: bytes) -> str:
    """Return the TOTP key that a login session offers: the same at every look, and another at the next sign-in."""
    return b32encode(hmac.new(key, f"totp\n{token}".encode(), sha256).digest()[:20]).decode()


def address(secret: str, *, name: str) -> str:
    """Return what the QR code says to an authenticator app."""
    return TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def step_of(secret: str, typed: str, *, now: datetime) -> int | None:
    """Return the time step that a typed code is of: this one or a neighbour; else None."""
    digits = "".join(char for char in typed[:20] if char.isascii() and char.isdigit())
    present, codes = int(now.timestamp()) // SECONDS, TOTP(secret)
    steps = (present + offset for offset in _NEIGHBOURS)
    return next((step for step in steps if hmac.compare_digest(codes.generate_otp(step), digits)), None)


def sealed(secret: str, *, person_id: int, key: bytes) -> str:
    """Return a key as the database keeps it."""
    return sealing.seal(secret, purpose=f"totp of person {person_id}", key=key)


def unsealed(kept: str, *, person_id: int, key: bytes) -> str | None:
    """Return the key, or None when it was sealed with another secret or for another person."""
    return sealing.unseal(kept, purpose=f"totp of person {person_id}", key=key)
