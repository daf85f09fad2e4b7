"""Rules for the options of one item."""

from collections import Counter
from collections.abc import Iterator

from modules.shelf import Shelf
from modules.source import Finding, Place
from quizzes.bank import Item
from quizzes.checking.catch_all import speaks_of_others
from quizzes.content import placed_items


def option_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield options that speak of the other options, and options, sides or steps that stand twice."""
    for source, number, item in placed_items(shelf):
        seen: dict[tuple[str, str], str] = {}
        for kind, below, written in _texts(item):
            text = " ".join(written.lower().split()).strip(" .;!")
            place = ("items", number, *below)
            if speaks_of_others(written):
                message = f"Pilihan ini menilai pilihan lain: {written}"
                yield source.finding(place, "catch-all", message, "Ganti dengan pengecoh yang berdiri sendiri.")
            first = seen.get((kind, text))
            # Several left sides may fit one right side, when it is written alike; a decoy fits none.
            if first is not None and not (kind == "right" and first == written and below[0] == "pairs"):
                message = "Pilihan ini tertulis dua kali."
                yield source.finding(place, "option-repeated", message, "Ganti salah satunya.")
            seen[kind, text] = written


def target_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield matching items in which one right side fits more than half of the left ones: it would be the safe guess."""
    for source, number, item in placed_items(shelf):
        target, count = Counter(pair.right for pair in item.pairs).most_common(1)[0] if item.pairs else ("", 0)
        if count > len(item.pairs) / 2:
            message = f"{target} cocok untuk {count} dari {len(item.pairs)} pasangan."
            place = ("items", number, "pairs")
            yield source.finding(place, "target-often", message, "Tambahkan pasangan lain.", "warning")


def _texts(item: Item) -> Iterator[tuple[str, Place, str]]:
    """Yield every text that is chosen, with its kind and place; decoys are right sides too."""
    for index, option in enumerate(item.options):
        yield "option", ("options", index, "text"), option.text
    for index, pair in enumerate(item.pairs):
        yield "left", ("pairs", index, "left"), pair.left
        yield "right", ("pairs", index, "right"), pair.right
    for index, decoy in enumerate(item.decoys):
        yield "right", ("decoys", index), decoy
    for index, step in enumerate(item.steps):
        yield "step", ("steps", index, "text"), step.text
