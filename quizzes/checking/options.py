"""Rules for what stands together to be chosen from: options, sides, steps, and choices of a scenario."""

from collections import Counter
from collections.abc import Iterator, Sequence

from modules.catalog import CheckOption, Section
from modules.shelf import Shelf
from modules.source import Finding, Place, Source
from quizzes.bank import Item, Option
from quizzes.checking.catch_all import speaks_of_others
from quizzes.content import placed_items
from quizzes.scenarios import Choice, Scenario

Chosen = tuple[str, Place, str]
"""A text that is chosen, after its kind and its place."""


def option_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield options that speak of the other options, and options, sides or steps that stand twice.

    These are the options of items and of sections' checks, and the choices of each decision of a scenario.
    """
    for source, chosen in _all_chosen(shelf):
        seen: dict[tuple[str, str], str] = {}
        for kind, place, written in chosen:
            text = " ".join(written.lower().split()).strip(" .;!")
            if speaks_of_others(written):
                message = f"Pilihan ini menilai pilihan lain: {written}"
                yield source.finding(place, "catch-all", message, "Ganti dengan pengecoh yang berdiri sendiri.")
            first = seen.get((kind, text))
            # Several left sides may fit one right side, when it is written alike; a decoy fits none.
            if first is not None and not (kind == "right" and first == written and "pairs" in place):
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


def _all_chosen(shelf: Shelf) -> Iterator[tuple[Source, Iterator[Chosen]]]:
    """Yield what stands together to be chosen from, with its file."""
    for source, number, item in placed_items(shelf):
        yield source, _of_item(("items", number), item)
    for source, section in shelf.of(Section):
        yield source, _of_options(("check", "options"), section.check.options)
    for source, scenario in shelf.of(Scenario):
        for name, node in scenario.nodes.items():
            yield source, _of_options(("nodes", name, "choices"), node.choices)


def _of_options(place: Place, options: Sequence[Option | CheckOption | Choice]) -> Iterator[Chosen]:
    return (("option", (*place, index, "text"), option.text) for index, option in enumerate(options))


def _of_item(place: Place, item: Item) -> Iterator[Chosen]:
    """Yield every text of an item that is chosen; decoys are right sides too."""
    yield from _of_options((*place, "options"), item.options)
    for index, pair in enumerate(item.pairs):
        yield "left", (*place, "pairs", index, "left"), pair.left
        yield "right", (*place, "pairs", index, "right"), pair.right
    for index, decoy in enumerate(item.decoys):
        yield "right", (*place, "decoys", index), decoy
    for index, step in enumerate(item.steps):
        yield "step", (*place, "steps", index, "text"), step.text
