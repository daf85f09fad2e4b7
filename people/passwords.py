"""Passwords: which are refused, and Argon2id (OWASP: 19 MiB, two passes), two at a time so that memory stays small."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from people import nip

SHORTEST = 15
SHORTEST_WITH_TOTP = 12
LONGEST = 256
# A guesser tries common words, runs and years first: a password of fewer different pieces falls at once.
FEWEST_PIECES = 4
CONTEXT = ("sinetral", "netral", "netralitas", "nip", "kpu", "bawaslu", "panwaslu", "pemilu", "pilkada", "asn", "pppk")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")
_LEET = str.maketrans("013457@$!", "oieastasi")
_LONGEST_WORD = 24
_FREE = frozenset(" -_.,")
_CENTURIES = ("19", "20")

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_slots = BoundedSemaphore(2)
# The hash of a password that nobody knows: the same work for people who do not exist.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$XlpLNzARz9l9Dkro6Ar5cg$1QfCnDFGNx/FuCQ8VyilhVRbfW/B2O8i0idhnWNwD7Y"


def hashed(password: str) -> str:
    """Return the Argon2id hash to keep. Takes about 30 ms of processor: call it outside any transaction."""
    with _slots:
        return _hasher.hash(_stable(password))


def matches(kept: str | None, password: str) -> bool:
    """Tell whether a password fits the kept hash; as much work when there is none."""
    with _slots:
        try:
            return _hasher.verify(kept or _NOBODY, _stable(password)) and kept is not None
        except VerificationError:
            return False


def _stable(password: str) -> str:
    # Phones and computers may compose é differently; anything else stays as it was typed.
    return unicodedata.normalize("NFC", password[: LONGEST + 1])


def refusal(password: str, *, identifier: str, name: str = "", shortest: int = SHORTEST) -> str | None:
    """Return the code (of `people.words`) why a new password is refused, or None. Every character is allowed."""
    if len(password) < shortest:
        return "password_short"
    if len(password) > LONGEST:
        return "password_long"
    own = {word for word in (*name.casefold().replace(",", " ").split(), identifier.casefold()) if len(word) >= 3}
    digits = nip.normalised(password)
    if digits.isdecimal() and len(digits) == 18:
        return "password_personal"
    if pieces(password, frozenset(own)) >= FEWEST_PIECES:
        return None
    return "password_personal" if any(word in password.casefold() for word in own) else "password_common"


def is_common(password: str) -> bool:
    """Tell whether a password is on the block list, or little more than its words, runs, dates and repetitions."""
    return pieces(password, frozenset()) < FEWEST_PIECES


def pieces(password: str, own: frozenset[str]) -> int:
    """Count the different pieces a password consists of: a listed word, a run, a year, a date, up to four digits, or
    any other character. Blanks between words add nothing, nor does repeating a piece."""
    text = unicodedata.normalize("NFKC", password).casefold()
    return min(_different(reading, own) for reading in {text, text[: _period(text)]})


def _period(text: str) -> int:
    """The length of the shortest beginning that, repeated, gives the whole text."""
    sizes = range(1, len(text) + 1)
    return next((size for size in sizes if text == (text[:size] * (len(text) // size + 1))[: len(text)]), 0)


def _different(text: str, own: frozenset[str]) -> int:
    """Cut a text into as few pieces as can be, and count the different ones."""
    words, spoken = _listed() | own, text.translate(_LEET)
    best: list[tuple[int, int, str]] = [(0, 0, "")]
    for end in range(1, len(text) + 1):
        single = "" if text[end - 1] in _FREE else text[end - 1]
        least = (best[end - 1][0] + bool(single), end - 1, single)
        for start in range(max(0, end - _LONGEST_WORD), end - 1):
            if best[start][0] + 1 < least[0] and (kind := _kind(text[start:end], spoken[start:end], words)):
                least = (best[start][0] + 1, start, kind)
        best.append(least)
    found, end = set(), len(text)
    while end:
        found.add(best[end][2])
        end = best[end][1]
    return len(found - {""})


def _kind(piece: str, spoken: str, words: frozenset[str]) -> str:
    """What a guesser would call this piece; empty when nothing."""
    if spoken in words:
        return spoken
    if piece in words:
        return piece
    if piece.isdecimal() and len(piece) in (2, 3, 4, 8):
        if len(piece) in (4, 8) and (piece[:2] in _CENTURIES or piece[4:6] in _CENTURIES):
            return "date"
        if len(piece) <= 4:
            return piece
    return piece if _is_run(piece) else ""


def _is_run(piece: str) -> bool:
    if len(set(piece)) == 1:
        return True
    return len(piece) > 2 and any(piece in run or piece in run[::-1] for run in _RUNS)


@lru_cache(maxsize=1)
def _listed() -> frozenset[str]:
    file = Path(__file__).with_name("common-passwords.txt")
    return frozenset((*file.read_text("utf-8").split(), *CONTEXT))
