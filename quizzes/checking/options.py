"""Rules for the options of one item."""

import re
from collections.abc import Iterator

from modules.shelf import Shelf
from modules.source import Finding
from quizzes.content import placed_items

_WHAT = r"(?: (?:jawaban|pilihan|opsi|pernyataan))?"
_WHERE = r"(?: (?:itu|ini|tersebut|di atas|di bawah))*"
_RIGHT = r"(?: (?:adalah )?(?:benar|salah|tepat|keliru))"
# An option that speaks of the other options tests attention, not knowledge, and breaks when options are shuffled.
CATCH_ALL = re.compile(
    rf"(?:semua|seluruh|kedua|ketiga|keempat)(?:nya)?{_WHAT}{_WHERE}{_RIGHT}"
    rf"|(?:semua|seluruh)(?:nya)?{_WHAT} (?:di atas|di bawah)"
    rf"|(?:semua|seluruh) (?:jawaban|pilihan|opsi|pernyataan){_WHERE}"
    rf"|tidak (?:ada|satu pun){_WHAT}{_WHERE}(?: yang)?{_RIGHT}"
    r"|(?:(?:jawaban|pilihan|opsi) )?[a-f](?:,? (?:dan |atau |serta )?[a-f])+(?: saja)?(?: (?:benar|salah))?"
    r"|.*\b(?:jawaban|pilihan|opsi) (?:lain )?di (?:atas|bawah)\b.*",
    re.IGNORECASE,
)


def option_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield options that speak of the other options, and options that stand twice."""
    for source, number, item in placed_items(shelf):
        seen: set[str] = set()
        for index, option in enumerate(item.options):
            text = " ".join(option.text.lower().split()).strip(" .;!")
            place = ("items", number, "options", index, "text")
            if CATCH_ALL.fullmatch(text):
                message = f"Pilihan ini menilai pilihan lain: {option.text}"
                yield source.finding(place, "catch-all", message, "Ganti dengan pengecoh yang berdiri sendiri.")
            if text in seen:
                message = "Pilihan ini tertulis dua kali."
                yield source.finding(place, "option-repeated", message, "Ganti salah satunya.")
            seen.add(text)
