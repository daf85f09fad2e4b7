"""Personal one-time codes: for activation and for a forgotten password alike."""

from datetime import datetime, timedelta
from secrets import choice

from sqlalchemy import Connection

from people import store
from people.signin import hashed

# Crockford's letters: none that people mistake for another. 18 of them are 90 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 18
VALID = timedelta(hours=72)


def issue(db: Connection, *, person_id: int, created_by: int | None, now: datetime) -> str:
    """Make a code and return it, grouped for reading; it is shown once, and earlier unused codes end."""
    code = "".join(choice(ALPHABET) for _ in range(LENGTH))
    store.replace_code(
        db,
        {
            "person_id": person_id,
            "code_hash": hashed(code),
            "created_at": now,
            "created_by": created_by,
            "expires_at": now + VALID,
        },
        now,
    )
    return "-".join(code[start : start + 6] for start in range(0, LENGTH, 6))


def normalised(typed: str) -> str:
    """Return a typed code as it was made: capitals, no separators, look-alikes mended."""
    letters = "".join(char for char in typed.upper() if char.isalnum())
    return letters.translate(str.maketrans("OIL", "011"))
