"""What an option looks like that speaks of the others: it tests attention, and breaks when options are shuffled."""

import re

_WORD = re.compile(r"\w+")
_RIGHT = r"(?:benar|salah|betul|tepat|keliru)"
_SO = rf"(?: (?:adalah )?{_RIGHT})"
_OPTION = r"(?:jawaban|pilihan|opsi|pernyataan)"
_BESIDE = r"di ?(?:atas|bawah)"
_THESE = rf"(?: (?:yang )?(?:di ?sebut(?:kan)? ?)?(?:itu|ini|tersebut|tadi|{_BESIDE}))*"
_ALL = r"(?:(?:semua|seluruh|kedua|ketiga|keempat|kelima)(?:nya)?|(?:ke)?dua duanya)"
_LINK = r"(?: (?:dan |atau |serta )?"
_PATTERNS = (
    # Semuanya. Semua itu benar. Kedua pernyataan itu tepat.
    rf"(?:semua|seluruh|kedua|ketiga|keempat|kelima)nya|semua|(?:ke)?dua duanya|{_ALL}(?: {_OPTION})?{_THESE}{_SO}",
    # Benar semua.
    rf"{_RIGHT} (?:semua(?:nya)?|keduanya|ketiganya)",
    # Semua jawaban itu. Semua yang disebutkan. Semua tindakan di atas benar.
    rf"(?:semua|seluruh) {_OPTION}{_THESE}",
    rf"(?:semua|seluruh)(?:nya)?(?: hal)? yang (?:di ?sebut(?:kan)?|tersebut){_THESE}{_SO}?",
    rf"(?:semua|seluruh)(?:nya)?(?: yang)?(?: \w+){{0,2}} {_BESIDE}{_SO}?",
    # Tidak satu pun yang benar. Tidak ada di atas. Bukan salah satu di atas.
    rf"tidak (?:ada(?: satu ?pun)?|satu ?pun)(?: dari)?(?: {_OPTION})?{_THESE}(?: yang)?{_SO}",
    rf"tidak (?:ada(?: satu ?pun)?|satu ?pun)(?: dari)?(?: yang)?(?: {_OPTION})? {_BESIDE}",
    rf"bukan (?:salah satu|semua)(?:nya)?(?:(?: dari)?(?: yang)?(?: {_OPTION})?(?: {_BESIDE})?)",
    # A dan B benar. Jawaban 1 dan 2.
    rf"(?:{_OPTION} )?[a-f]{_LINK}[a-f])+(?: saja)?{_SO}?",
    rf"(?:{_OPTION}|nomor) [1-6]{_LINK}[1-6])+(?: saja)?{_SO}?",
    rf"[1-6]{_LINK}[1-6])+(?: saja)?{_SO}",
    # Pilihan lain di atas.
    rf".*\b(?:jawaban|pilihan|opsi) (?:lain )?{_BESIDE}\b.*",
)
_CATCH_ALL = re.compile("|".join(f"(?:{one})" for one in _PATTERNS))


def speaks_of_others(text: str) -> bool:
    """True for options such as "Semua jawaban benar", whatever their case and punctuation."""
    return _CATCH_ALL.fullmatch(" ".join(_WORD.findall(text.lower()))) is not None
