"""Rules for the keys of one bank file, and of all checks of one programme: nobody may find them without reading.

Neither length, place nor word may tell the right option; the options of a check even stand as they are written.
Chance alone puts the right one of four options at each place, and makes it the longest, in a quarter of the items.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from modules.catalog import Check, CheckOption, ProgramHead, Section
from modules.shelf import Shelf
from modules.source import Finding, Source
from quizzes.bank import Item, Items, Option

ENOUGH_ITEMS = 4
LONGEST_SHARE = 0.25
PLACE_SHARE = 0.4
TRUE_SHARES = (1 / 3, 2 / 3)
_PLACES = ("pertama", "kedua", "ketiga", "keempat", "kelima", "keenam")


def key_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield files and programmes whose keys can be guessed; at the list of items or of steps, with counts."""
    for source, file in shelf.of(Items):
        yield from _guess_findings(source, "items", [one for one in file.items if one.type in ("single", "case")])
        yield from _truth_findings(source, [item for item in file.items if item.type == "true_false"])
    for source, _ in shelf.of(ProgramHead):
        program = PurePosixPath(source.file).parent
        sections = (section for one, section in shelf.of(Section) if program in PurePosixPath(one.file).parents)
        yield from _guess_findings(source, "steps", [section.check for section in sections])


def right_place(asked: Item | Check) -> int:
    """Return the number of the first right option."""
    options: Sequence[Option | CheckOption] = asked.options
    return next(number for number, option in enumerate(options) if option.correct)


def is_longest(asked: Item | Check) -> bool:
    """True when the right option is longer than every other."""
    lengths = [len(option.text) for option in asked.options]
    right = lengths.pop(right_place(asked))
    return right > max(lengths)


def _guess_findings(source: Source, place: str, asked: Sequence[Item | Check]) -> Iterator[Finding]:
    many = [one for one in asked if len(one.options) > 2]
    if len(many) >= ENOUGH_ITEMS:
        word = "soal" if place == "items" else "pertanyaan bagian"
        yield from _length_findings(source, place, many, word)
        yield from _place_findings(source, place, many, word)


def _length_findings(source: Source, place: str, asked: Sequence[Item | Check], word: str) -> Iterator[Finding]:
    longest = sum(map(is_longest, asked))
    if longest > len(asked) * LONGEST_SHARE:
        message = f"Pilihan yang benar paling panjang pada {longest} dari {len(asked)} {word}."
        mend = "Ringkas kuncinya atau lengkapi pengecohnya, sampai paling banyak seperempat."
        yield source.finding((place,), "key-longest", message, mend, "warning")


def _place_findings(source: Source, place: str, asked: Sequence[Item | Check], word: str) -> Iterator[Finding]:
    at, count = Counter(map(right_place, asked)).most_common(1)[0]
    if count > 2 and count > len(asked) * PLACE_SHARE:
        message = f"Pilihan yang benar berada di tempat {_PLACES[at]} pada {count} dari {len(asked)} {word}."
        yield source.finding((place,), "key-place", message, "Pindahkan kuncinya secara merata.", "warning")


def _truth_findings(source: Source, items: Sequence[Item]) -> Iterator[Finding]:
    true = sum(item.options[0].correct for item in items)
    low, high = TRUE_SHARES
    if len(items) > 2 and not low <= true / len(items) <= high:
        message = f"Kunci soal benar-salah adalah Benar pada {true} dari {len(items)} soal."
        mend = "Seimbangkan: sepertiga sampai dua pertiga."
        yield source.finding(("items",), "true-false-balance", message, mend, "warning")
