"""The device cookie: who has signed in on a device before keeps a throttle of their own there.

An attack on an account fills the account's common bucket and not the owner's. The cookie signs nobody in.
Its value is a list of `nonce.mac`, newest first; the mac binds the nonce to one identifier.
"""

import hmac
from secrets import token_urlsafe

MOST = 5


def _mac(nonce: str, identifier: str, key: bytes) -> str:
    return hmac.new(key, f"device\n{nonce}\n{identifier}".encode(), "sha256").hexdigest()


def nonce_for(cookie: str, *, identifier: str, key: bytes) -> str | None:
    """Return this person's nonce from the cookie, or None when they have not signed in on this device."""
    for entry in cookie.split("~")[:MOST]:
        nonce, _, mac = entry.partition(".")
        if nonce and hmac.compare_digest(mac.encode(), _mac(nonce, identifier, key).encode()):
            return nonce
    return None


def remembered(cookie: str, *, identifier: str, key: bytes) -> str:
    """Return the cookie with this person at its head; a shared computer remembers five people."""
    nonce = nonce_for(cookie, identifier=identifier, key=key) or token_urlsafe(16)
    mine = f"{nonce}.{_mac(nonce, identifier, key)}"
    others = [entry for entry in cookie.split("~") if entry and entry != mine and len(entry) < 120]
    return "~".join([mine, *others][:MOST])
