"""The public code of a certificate: random, unrelated to its number, easy to type."""

from secrets import choice

# Crockford's base32: no I, L, O and U, which look like 1, 1, 0 and V.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
_MENDS = str.maketrans("ILOU", "110V", " -")


def new_code() -> str:
    """Return 130 random bits as 26 letters."""
    return "".join(choice(ALPHABET) for _ in range(LENGTH))


def mended(typed: str) -> str:
    """Return the code that was meant: capitals, look-alikes put right, spaces and hyphens dropped."""
    return typed.upper().translate(_MENDS)


def link(public_url: str, code: str) -> str:
    """The address that checks a certificate."""
    return f"{public_url}/v/{code}"
