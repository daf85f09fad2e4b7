"""Rules for the keys of one bank file: nobody may find the right option by its length, its place or its word.

Chance alone puts the right one of four options at each place, and makes it the longest, in a quarter of the items.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from modules.shelf import Shelf
from modules.source import Finding, Source
from quizzes.bank import Item, Items

ENOUGH_ITEMS = 4
LONGEST_SHARE = 0.25
PLACE_SHARE = 0.4
TRUE_SHARES = (1 / 3, 2 / 3)
_PLACES = ("pertama", "kedua", "ketiga", "keempat", "kelima", "keenam")


def key_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield files whose keys can be guessed; at the list of items, with counts."""
    for source, file in shelf.of(Items):
        one_right = [item for item in file.items if item.type in ("single", "case") and len(item.options) > 2]
        if len(one_right) >= ENOUGH_ITEMS:
            yield from _length_findings(source, one_right)
            yield from _place_findings(source, one_right)
        yield from _truth_findings(source, [item for item in file.items if item.type == "true_false"])


def right_place(item: Item) -> int:
    """Return the number of the first right option."""
    return next(number for number, option in enumerate(item.options) if option.correct)


def is_longest(item: Item) -> bool:
    """True when the right option is longer than every other."""
    lengths = [len(option.text) for option in item.options]
    right = lengths.pop(right_place(item))
    return right > max(lengths)


def _length_findings(source: Source, items: Sequence[Item]) -> Iterator[Finding]:
    longest = sum(map(is_longest, items))
    if longest > len(items) * LONGEST_SHARE:
        message = f"Pilihan yang benar paling panjang pada {longest} dari {len(items)} soal."
        mend = "Ringkas kuncinya atau lengkapi pengecohnya, sampai paling banyak seperempat."
        yield source.finding(("items",), "key-longest", message, mend, "warning")


def _place_findings(source: Source, items: Sequence[Item]) -> Iterator[Finding]:
    place, count = Counter(map(right_place, items)).most_common(1)[0]
    if count > 2 and count > len(items) * PLACE_SHARE:
        message = f"Pilihan yang benar berada di tempat {_PLACES[place]} pada {count} dari {len(items)} soal."
        yield source.finding(("items",), "key-place", message, "Pindahkan kuncinya secara merata.", "warning")


def _truth_findings(source: Source, items: Sequence[Item]) -> Iterator[Finding]:
    true = sum(item.options[0].correct for item in items)
    low, high = TRUE_SHARES
    if len(items) > 2 and not low <= true / len(items) <= high:
        message = f"Kunci soal benar-salah adalah Benar pada {true} dari {len(items)} soal."
        mend = "Seimbangkan: sepertiga sampai dua pertiga."
        yield source.finding(("items",), "true-false-balance", message, mend, "warning")
