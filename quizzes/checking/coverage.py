"""Rules for the bank as a whole: every topic asked, every tag used; and the coverage table."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from modules.catalog import Phase
from modules.shelf import Shelf
from modules.source import Finding, Place
from quizzes.bank import ItemType, Labels
from quizzes.content import placed_items

# Matching and ordering are asked where the law gives a good one.
EVERYWHERE: tuple[ItemType, ...] = ("single", "multiple", "true_false", "case")
TYPE_LETTERS = {"single": "s", "multiple": "m", "true_false": "b", "case": "k", "matching": "j", "ordering": "u"}


def label_use_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield topics without scored items and misconceptions that no option carries."""
    items = [item for _, _, item in placed_items(shelf)]
    asked = {item.topic for item in items if item.scored}
    used = {option.misconception for item in items for option in item.options}
    for source, labels in shelf.of(Labels):
        for topic in labels.topics:
            if topic not in asked:
                message = f"Topik {topic} belum memiliki soal berskor."
                yield source.finding(("topics", topic), "topic-empty", message, "Tulis soalnya atau hapus topik itu.")
        for number, one in enumerate(labels.misconceptions):
            if one.id not in used:
                message = f"Miskonsepsi {one.id} tidak dipakai pada pengecoh mana pun."
                mend = "Pasang pada pengecoh yang sesuai atau hapus."
                yield source.finding(("misconceptions", number, "id"), "misconception-unused", message, mend, "warning")


def cell_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield cells that the law fills and no scored item asks, and types of question that such a topic lacks."""
    items = [item for _, _, item in placed_items(shelf) if item.scored]
    phases, types = {(item.topic, item.phase) for item in items}, {(item.topic, item.type) for item in items}
    for source, labels in shelf.of(Labels):
        for topic, filled in labels.law_fills.items():
            place: Place = ("law_fills", topic)
            if topic not in labels.topics:
                yield source.finding(place, "topic-unknown", f"Topik {topic} tidak dikenal.", "Perbaiki namanya.")
            for phase in filled:
                if (topic, phase) not in phases:
                    message = f"Topik {topic} belum memiliki soal berskor pada fase {phase}, yang diisi hukum."
                    yield source.finding(place, "coverage-empty", message, "Tulis soalnya.", "warning")
            for kind in EVERYWHERE:
                if (topic, kind) not in types:
                    message = f"Topik {topic} belum memiliki soal berskor berjenis {kind}."
                    yield source.finding(place, "coverage-empty", message, "Tulis soalnya.", "warning")


def table(shelf: Shelf) -> list[str]:
    """Return the coverage of scored items as lines of text: topic by phase, in each cell the count by type."""
    cells = Counter((item.topic, item.phase, item.type) for _, _, item in placed_items(shelf) if item.scored)
    topics = [topic for _, labels in shelf.of(Labels) for topic in labels.topics]
    filled = {
        (topic, phase)
        for _, labels in shelf.of(Labels)
        for topic in labels.law_fills
        for phase in labels.law_fills[topic]
    }
    rows = [["topik", *get_args(Phase), "semua"]]
    for topic in topics:
        counted = [[(kind, cells[topic, phase, kind]) for kind in get_args(ItemType)] for phase in get_args(Phase)]
        total = sum(count for cell in counted for _, count in cell)
        shown = [_cell(cell, (topic, phase) in filled) for cell, phase in zip(counted, get_args(Phase), strict=True)]
        rows.append([topic, *shown, str(total)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    letters = ", ".join(f"{TYPE_LETTERS.get(kind, kind[0])} {kind}" for kind in get_args(ItemType))
    return [*lines, f"({letters}; · kosong, ! kosong walau diisi hukum)"]


def _cell(counts: list[tuple[str, int]], filled: bool) -> str:
    return " ".join(f"{count}{TYPE_LETTERS.get(kind, kind[0])}" for kind, count in counts if count) or "!·"[not filled]
