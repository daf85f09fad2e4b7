"""Sealed texts: readable only with the cookie secret, unchanged, and for what they were sealed for."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


def seal(text: str, *, purpose: str, key: bytes) -> str:
    """Return a text sealed for one purpose."""
    nonce = token_bytes(_NONCE)
    return urlsafe_b64encode(nonce + _box(key).encrypt(nonce, text.encode(), purpose.encode())).decode()


def unseal(sealed: str, *, purpose: str, key: bytes) -> str | None:
    """Return the text; None when it was sealed with another secret, for another purpose, or changed."""
    try:
        raw = urlsafe_b64decode(sealed)
        return _box(key).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
    except (ValueError, InvalidTag):
        return None


def _box(key: bytes) -> AESGCM:
    return AESGCM(hmac.new(key, b"seal", "sha256").digest())
